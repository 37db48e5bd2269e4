import {
  type FaultKind,
  type JournalEntry,
  SandboxControl,
  type ServiceName,
} from "../../src/sandbox/index.js";
import { bookingOf, resourcesOf } from "./support/bundles.js";
import type { Call, Caller } from "./support/caller.js";
import { useSandbox } from "./support/use-sandbox.js";
import { type Json, send } from "./support/wire.js";

const REQUEST_ID = { "x-request-id": "0b5f3cbe-54c6-4f8f-9d2a-6a8f4c1f9f10" };
const FROM = "2026-01-15";
const TO = "2026-01-27";

async function book(one: Caller, change: (booking: Json) => Json = (booking) => booking): Promise<Json> {
  const { json } = await one.slots(FROM, TO);
  const [slot] = resourcesOf(json, "Slot");
  return (await one.book(change(bookingOf(json, [slot], await one.patientId("9000000009"))))).json;
}

async function latestOf(control: SandboxControl, service: ServiceName): Promise<JournalEntry> {
  const entry = (await control.journal({ service })).at(-1);
  if (!entry) throw new Error(`no request to ${service}`);
  return entry;
}

describe("the request journal", () => {
  const under = useSandbox();
  let control: SandboxControl;
  let caller: Caller;
  beforeEach(async () => {
    under.sandbox.reset();
    control = new SandboxControl(under.sandbox.urls.gateway);
    caller = await under.caller();
  });

  const latest = (service: ServiceName) => latestOf(control, service);
  const pds = (path: string, headers: Record<string, string> = REQUEST_ID) =>
    send(`${under.sandbox.urls.gateway}/pds/${path}`, { headers });
  const metadata = (changes: Partial<Call>) => caller.metadata(changes);

  it.each<[string, string, string, () => Promise<unknown>]>([
    [
      "a range that is too long",
      "P-S2",
      "A range of 14 days at most: split a longer one",
      () => caller.slots(FROM, "2026-02-27"),
    ],
    [
      "a missing claim",
      "P-J3",
      "The claim aud in the audit token",
      () => metadata({ claims: { aud: undefined } }),
    ],
    [
      "another scope",
      "P-J9",
      "The claim requested_scope with the value organization/*.read",
      () => metadata({ scope: "patient/*.write" }),
    ],
    [
      "a reason",
      "P-B10",
      "A booking without reason",
      () => book(caller, (one) => ({ ...one, reason: [{ text: "x" }] })),
    ],
    [
      "a priority",
      "P-B11",
      "A booking without the element priority",
      () => book(caller, (one) => ({ ...one, priority: 1 })),
    ],
  ])("names the rule that %s breaks at a practice, and what was needed", async (_case, id, needed, act) => {
    await act();
    const { rules, nearMiss } = await latest("PRACTICE");
    expect([rules.broken.map((rule) => rule.id), nearMiss?.needed]).toEqual([[id], needed]);
    expect(rules.broken[0]).toEqual((await control.rules()).find((rule) => rule.id === id));
  });

  it("separates the rules before a refusal, which held, from those after it, which nobody checked", async () => {
    await book(caller, (one) => ({ ...one, status: "pending" }));
    const { rules, nearMiss } = await latest("PRACTICE");
    expect(rules.broken[0]?.id).toBe("P-B5");
    expect(rules.passed).toEqual(expect.arrayContaining(["S-1", "P-J4", "P-B10"]));
    expect(nearMiss?.notJudged).toEqual(expect.arrayContaining(["P-B4", "P-B7", "S-12"]));
    expect(rules.passed.filter((id) => nearMiss?.notJudged.includes(id) || id === "P-B5")).toEqual([]);
  });

  it("says of a successful booking which rules it passed", async () => {
    await book(caller);
    const entry = await latest("PRACTICE");
    expect([entry.status, entry.rules.broken]).toEqual([201, []]);
    expect(entry.rules.passed).toEqual(
      expect.arrayContaining(["S-1", "P-J2", "P-B4", "P-B12", "S-5", "S-7"]),
    );
    expect(entry).not.toHaveProperty("nearMiss");
  });

  it("judges the same request at the proxy by the proxy's rules only", async () => {
    await caller.slots(FROM, "2026-02-27");
    expect(await latest("SSP")).toMatchObject({
      status: 422,
      rules: { passed: ["P-H2", "S-1", "S-3", "P-H7", "P-T8"], broken: [] },
    });
    await metadata({ headers: { "ssp-traceid": "1" } });
    expect(await latest("SSP")).toMatchObject({
      rules: { broken: [{ id: "S-1" }] },
      nearMiss: { needed: "The header Ssp-TraceID with a valid value" },
    });
  });

  it("names the rules of PDS, SDS and Visitors & Migrants", async () => {
    await pds("Patient/9000000001");
    expect(await latest("PDS")).toMatchObject({ rules: { broken: [{ id: "PDS-7" }] } });
    await pds("Patient/9000000009", { "x-request-id": "1" });
    expect(await latest("PDS")).toMatchObject({
      rules: { broken: [{ id: "PDS-2" }] },
      nearMiss: { needed: "A well-formed value in the header X-Request-ID" },
    });
    await send(`${under.sandbox.urls.gateway}/sds/Device`, { headers: { apikey: "any" } });
    expect(await latest("SDS")).toMatchObject({
      rules: { passed: ["SDS-4", "SDS-8", "SDS-6", "SDS-5"], broken: [{ id: "SDS-1" }] },
    });
    await send(`${under.sandbox.urls.gateway}/vm/Observation`);
    expect(await latest("VM")).toMatchObject({ nearMiss: { needed: "The header Ssp-TraceID" } });
  });

  it.each<[string, FaultKind]>([
    ["a response instead of processing", { status: 422 }],
    ["a response after the commit", { afterCommit: { status: 200 } }],
  ])("judges nothing when a fault gives %s", async (_case, kind) => {
    under.sandbox.faults.add({ service: "PDS", kind });
    await pds("Patient/9000000001");
    const entry = await latest("PDS");
    expect(entry.rules).toEqual({ passed: [], broken: [] });
    expect(entry).not.toHaveProperty("nearMiss");
  });

  it("judges a request that a fault delayed", async () => {
    under.sandbox.faults.add({ service: "PDS", kind: { delayMs: 1 } });
    await pds("Patient/9000000001");
    expect((await latest("PDS")).rules.broken).toMatchObject([{ id: "PDS-7" }]);
  });

  it("filters by broken rule, interaction and practice, also together", async () => {
    await caller.slots(FROM, "2026-02-27");
    await metadata({ claims: { aud: undefined } });
    const statusOf = async (filter: Parameters<SandboxControl["journal"]>[0]) =>
      (await control.journal(filter)).map(({ status, service }) => [service, status]);
    expect(await statusOf({ broken: "P-S2" })).toEqual([["PRACTICE", 422]]);
    expect(await statusOf({ broken: "any" })).toEqual([
      ["PRACTICE", 422],
      ["PRACTICE", 400],
    ]);
    expect(await statusOf({ broken: "any", interaction: "metadata" })).toEqual([["PRACTICE", 400]]);
    expect(await statusOf({ broken: "any", odsCode: "T81101" })).toEqual([]);
    expect(await statusOf({ broken: "P-S4" })).toEqual([]);
  });

  it("refuses a filter that it does not have, instead of returning everything", async () => {
    await expect(control.journal({ rule: "P-S2" } as object)).rejects.toMatchObject({
      name: "SandboxControlError",
      status: 400,
      message: expect.stringContaining("no filter rule"),
    });
    await expect(control.journal({ after: -1 })).rejects.toMatchObject({ status: 400 });
  });
});

describe("the request journal of a lenient supplier", () => {
  const under = useSandbox({ practiceProfiles: { T81001: "demonstrator-like" } });

  it("does not credit a request with rules that the supplier leaves out", async () => {
    const demonstrator = await under.caller();
    const control = new SandboxControl(under.sandbox.urls.gateway);
    const appointment = await book(demonstrator);
    const booking = await latestOf(control, "PRACTICE");
    expect(booking.status).toBe(201);
    expect(booking.rules.passed).toContain("P-B4");
    expect(booking.rules.passed).not.toContain("S-5");
    expect(booking.rules.passed).not.toContain("S-7");
    await demonstrator.put("update", appointment, undefined);
    expect((await latestOf(control, "PRACTICE")).rules.passed).not.toContain("P-M3");
  });
});
