import { type FaultKind, startSandbox } from "../../src/sandbox/index.js";
import { bookingOf, resourcesOf } from "./support/bundles.js";
import { Caller } from "./support/caller.js";
import { isFree, useSandbox } from "./support/use-sandbox.js";
import { A_WEDNESDAY, FakeClock, INTERACTION, send } from "./support/wire.js";

const REQUEST_ID = { "x-request-id": "0b5f3cbe-54c6-4f8f-9d2a-6a8f4c1f9f10" };

describe("faults", () => {
  const under = useSandbox();

  const patient = () => send(`${under.sandbox.pdsUrl}/Patient/9000000009`, { headers: REQUEST_ID });

  it("replace the service's response the given number of times", async () => {
    const kind: FaultKind = {
      status: 503,
      body: "<html>",
      contentType: "text/html",
      headers: { "retry-after": "5" },
    };
    under.sandbox.faults.add({ service: "PDS", kind, times: 2 });
    const replies = [await patient(), await patient(), await patient()];
    expect(replies.map(({ status }) => status)).toEqual([503, 503, 200]);
    expect(replies[0]).toMatchObject({
      text: "<html>",
      headers: { "content-type": "text/html", "retry-after": "5" },
    });
  });

  it("can be removed one by one or all at once", async () => {
    const remove = under.sandbox.faults.add({ service: "PDS", kind: { status: 500 } });
    under.sandbox.faults.add({ service: "PDS", kind: { status: 429 } });
    expect((await patient()).status).toBe(500);
    remove();
    expect((await patient()).status).toBe(429);
    under.sandbox.faults.clear();
    expect((await patient()).status).toBe(200);
  });

  it("apply to one practice and to one interaction by full URN or last part", async () => {
    const [first, second] = [await under.caller("T81001"), await under.caller("T81101")];
    under.sandbox.faults.add({
      service: "PRACTICE",
      odsCode: "T81001",
      interaction: "metadata-1",
      kind: { status: 500 },
    });
    under.sandbox.faults.add({
      service: "SSP",
      interaction: `${INTERACTION}rest:search:slot-1`,
      kind: { status: 599 },
    });
    expect((await first.metadata()).status).toBe(500);
    expect((await second.metadata()).status).toBe(200);
    expect((await first.slots("2026-01-14", "2026-01-20")).status).toBe(599);
    expect((await first.find("9000000009")).status).toBe(200);
  });

  it("apply to SDS look-ups of one organisation", async () => {
    await under.caller("T81101");
    under.sandbox.faults.add({
      service: "SDS",
      odsCode: "T81001",
      interaction: "Device",
      kind: { status: 500 },
    });
    await expect(under.caller("T81001")).rejects.toThrow();
    await expect(under.caller("T81101")).resolves.toBeDefined();
  });

  it("reset the connection before processing", async () => {
    under.sandbox.faults.add({ service: "PDS", kind: "reset", times: 1 });
    await expect(patient()).rejects.toThrow();
    expect(under.sandbox.requests.at(-1)).toMatchObject({ service: "PDS", status: undefined });
    expect((await patient()).status).toBe(200);
  });

  it("reset the connection after processing: the caller gets 502 and the appointment stands", async () => {
    const caller = await under.caller();
    const { json } = await caller.slots("2026-01-15", "2026-01-27");
    const [slot] = resourcesOf(json, "Slot");
    const booking = bookingOf(json, [slot], await caller.patientId("9000000009"));
    under.sandbox.faults.add({
      service: "PRACTICE",
      interaction: "appointment-1",
      kind: "reset-after-commit",
      times: 1,
    });
    expect((await caller.book(booking)).status).toBe(502);
    expect(isFree(under.sandbox, slot.id)).toBe(false);
    expect((await caller.book(booking)).status).toBe(409);
  });

  it("reset the connection at the proxy after the practice has processed the request", async () => {
    const caller = await under.caller();
    const { json } = await caller.slots("2026-01-15", "2026-01-27");
    const [slot] = resourcesOf(json, "Slot");
    const booking = bookingOf(json, [slot], await caller.patientId("9000000009"));
    under.sandbox.faults.add({
      service: "SSP",
      interaction: "appointment-1",
      kind: "reset-after-commit",
      times: 1,
    });
    await expect(caller.book(booking)).rejects.toThrow();
    expect(isFree(under.sandbox, slot.id)).toBe(false);
  });

  it("let a practice book after the caller has timed out", async () => {
    const caller = await under.caller();
    const { json } = await caller.slots("2026-01-15", "2026-01-27");
    const [slot] = resourcesOf(json, "Slot");
    const booking = bookingOf(json, [slot], await caller.patientId("9000000009"));
    const fault = { interaction: "appointment-1", kind: { delayMs: 150 }, times: 1 };
    under.sandbox.faults.add({ service: "PRACTICE", ...fault });
    const givingUp = new AbortController();
    const before = under.sandbox.requests.length;
    const attempt = expect(caller.book(booking, { signal: givingUp.signal })).rejects.toThrow("gave up");
    // The proxy records its request first, then the practice.
    while (under.sandbox.requests.length < before + 2) await new Promise(setImmediate);
    givingUp.abort(new Error("gave up"));
    await attempt;
    expect(isFree(under.sandbox, slot.id)).toBe(true);
    while (isFree(under.sandbox, slot.id)) await new Promise(setImmediate);
  });

  it("delay processing", async () => {
    under.sandbox.faults.add({ service: "PDS", kind: { delayMs: 30 }, times: 1 });
    const before = performance.now();
    expect((await patient()).status).toBe(200);
    expect(performance.now() - before).toBeGreaterThan(25);
  });
});

describe("closing", () => {
  it("ends hanging, delayed and slow requests immediately", async () => {
    const clock = new FakeClock(A_WEDNESDAY);
    const sandbox = await startSandbox({ clock, slowMs: 60_000 });
    const slow = await Caller.of(sandbox, clock, "T81003");
    sandbox.faults.add({ service: "PDS", kind: "hang", times: 1 });
    sandbox.faults.add({ service: "PDS", kind: { delayMs: 60_000 } });
    const get = () => send(`${sandbox.pdsUrl}/Patient/9000000009`, { headers: REQUEST_ID });
    const pending = [get(), get(), slow.metadata()].map((one) => expect(one).rejects.toThrow());
    // The slow request passes the proxy first, so when the practice has received it, all others have arrived.
    while (!sandbox.requests.some(({ service }) => service === "PRACTICE")) await new Promise(setImmediate);
    const before = performance.now();
    await sandbox.close();
    await Promise.all(pending);
    expect(performance.now() - before).toBeLessThan(1000);
  });
});
