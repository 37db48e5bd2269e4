import type { Loaders } from "../../src/loaders/create-loaders.js";
import { SESSION_MS } from "../../src/platform/cache/sessions.js";
import { TestClock } from "../support/call-context.js";
import { colleague, MINUTE_MS, PATIENT, PRACTICE, STRANGER, setUp } from "./cache-scopes-set-up.js";

/** The table of design section 6, row by row: real loaders, sessions and cache over upstreams that count. */

const now = new TestClock().now();
const asks = {
  patient: (loaders: Loaders) => loaders.patient.load(PATIENT),
  endpoint: (loaders: Loaders) => loaders.practiceEndpoint.load(PRACTICE),
  spine: (loaders: Loaders) => loaders.spineEndpoint.load(),
  capabilities: (loaders: Loaders) => loaders.capabilities.load(PRACTICE),
  slots: (loaders: Loaders) =>
    loaders.slots.search({
      odsCode: PRACTICE,
      range: { from: now, to: now + 24 * 60 * MINUTE_MS },
      now,
      stopWhenFound: false,
    }),
  status: (loaders: Loaders) => loaders.chargeableStatus.load(PATIENT),
  practicePatient: (loaders: Loaders) =>
    loaders.practicePatient.load({ odsCode: PRACTICE, nhsNumber: PATIENT }),
  appointments: (loaders: Loaders) =>
    loaders.appointments.load({
      odsCode: PRACTICE,
      nhsNumber: PATIENT,
      from: "2026-11-23",
      to: "2026-12-23",
    }),
  organisation: (loaders: Loaders) => loaders.organisation.load(PRACTICE),
};

const inSession = { text: "an encounter" };

describe.each<[string, (loaders: Loaders) => Promise<unknown>, string, number]>([
  ["a PDS record", asks.patient, `PDS ${PATIENT}`, 2 * MINUTE_MS],
  ["a practice's directory entry", asks.endpoint, `SDS ${PRACTICE}`, SESSION_MS],
])("%s is reused within the session only", (_, ask, call, ttlMs) => {
  // Proves HAZ-STALE, HAZ-REVEALED.
  test("until it expires, and not longer", async () => {
    const { request, clock } = setUp();
    expect(await request(ask, inSession)).toEqual([call]);
    clock.advance(ttlMs - 1);
    expect(await request(ask, inSession)).toEqual([]);
    clock.advance(1);
    expect(await request(ask, inSession)).toEqual([call]);
  });

  test("not without a session", async () => {
    const { request } = setUp();
    expect(await request(ask, inSession)).toEqual([call]);
    expect(await request(ask)).toEqual([call]);
    expect(await request(ask)).toEqual([call]);
  });

  test("not in another session of the same caller", async () => {
    const { request } = setUp();
    await request(ask, inSession);
    expect(await request(ask, { text: "another encounter" })).toEqual([call]);
  });

  test("not in another caller's session with the same text", async () => {
    const { request } = setUp();
    await request(ask, inSession);
    expect(await request(ask, { ...inSession, caller: colleague })).toEqual([call]);
    expect(await request(ask, inSession)).toEqual([]);
  });

  test("not in the session that starts with the same text after 30 minutes", async () => {
    const { request, clock } = setUp();
    await request(ask, inSession);
    clock.advance(SESSION_MS - 1);
    await request(ask, inSession);
    clock.advance(1);
    expect(await request(ask, inSession)).toEqual([call]);
  });

  test("a call in flight is shared within the session, never across callers or sessions", async () => {
    const { request, calls } = setUp();
    await Promise.all([request(ask, inSession), request(ask, inSession), request(ask, inSession)]);
    expect(calls).toEqual([call]);

    const apart = setUp();
    await Promise.all([
      apart.request(ask, inSession),
      apart.request(ask, { ...inSession, caller: colleague }),
      apart.request(ask, { text: "another encounter" }),
      apart.request(ask),
      apart.request(ask),
    ]);
    expect(apart.calls).toEqual([call, call, call, call, call]);
  });
});

describe.each<[string, (loaders: Loaders) => Promise<unknown>, string, number]>([
  ["Spine's own endpoint for V&M", asks.spine, "SDS YES", 10 * MINUTE_MS],
  ["a capability statement", asks.capabilities, "SSP capabilities", 240 * MINUTE_MS],
])("%s is reused by the whole deployment", (_, ask, call, ttlMs) => {
  const of = (calls: string[]) => calls.filter((one) => one === call);

  test("across sessions and callers and without a session, until it expires", async () => {
    const { request, clock } = setUp();
    expect(of(await request(ask, inSession))).toEqual([call]);
    clock.advance(ttlMs - 1);
    expect(of(await request(ask, { text: "another encounter", caller: colleague }))).toEqual([]);
    expect(of(await request(ask))).toEqual([]);
    clock.advance(1);
    expect(of(await request(ask))).toEqual([call]);
  });

  test("a call in flight is shared by all callers", async () => {
    const { request, calls } = setUp();
    await Promise.all([
      request(ask, inSession),
      request(ask, { ...inSession, caller: colleague }),
      request(ask),
      request(ask),
    ]);
    expect(of(calls)).toEqual([call]);
  });
});

test("a capability statement is reused only for the address that it came from", async () => {
  const { request, root } = setUp();
  expect(await request(asks.capabilities)).toContain("SSP capabilities");
  root.url = "https://moved.example";
  expect(await request(asks.capabilities)).toContain("SSP capabilities");
});

// Proves GPC-FOU-RPA-01/2, HAZ-46, HAZ-53.
describe.each<[string, (loaders: Loaders) => Promise<unknown>, string]>([
  ["slots", asks.slots, "SSP slots"],
  ["the chargeable status", asks.status, "VM status"],
  ["a practice's patient id", asks.practicePatient, "SSP patient"],
  ["appointments", asks.appointments, "SSP appointments"],
  ["the practice's record of itself", asks.organisation, "SSP organisation"],
])("%s: never reused beyond the request", (_, ask, call) => {
  const of = (calls: string[]) => calls.filter((one) => one === call);

  test("within the request, several fields cost one call", async () => {
    const { request } = setUp();
    const severalTimes = (loaders: Loaders) => Promise.all([ask(loaders), ask(loaders), ask(loaders)]);
    expect(of(await request(severalTimes, inSession))).toEqual([call]);
  });

  test("in the same session it is loaded again, and a call in flight is not shared", async () => {
    const { request, calls } = setUp();
    await request(ask, inSession);
    expect(of(await request(ask, inSession))).toEqual([call]);
    await Promise.all([request(ask, inSession), request(ask, inSession)]);
    expect(of(calls)).toHaveLength(4);
  });
});

describe("results that are not reused", () => {
  test("an unknown patient is reused within the request only", async () => {
    const { request } = setUp();
    const ask = (loaders: Loaders) =>
      Promise.all([loaders.patient.load(STRANGER), loaders.patient.load(STRANGER)]);
    expect(await request(ask, inSession)).toEqual([`PDS ${STRANGER}`]);
    expect(await request(ask, inSession)).toEqual([`PDS ${STRANGER}`]);
  });

  test.each([asks.endpoint, asks.spine])("a directory failure is not reused", async (ask) => {
    const { request, directory } = setUp();
    directory.fails = true;
    expect(await request(ask, inSession)).toHaveLength(1);
    directory.fails = false;
    expect(await request(ask, inSession)).toHaveLength(1);
    expect(await request(ask, inSession)).toHaveLength(0);
  });
});
