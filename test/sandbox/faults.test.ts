import { type FaultKind, startSandbox } from "../../src/sandbox/index.js";
import { bookingOf, resourcesOf } from "./support/bundles.js";
import { Caller } from "./support/caller.js";
import { useSandbox } from "./support/use-sandbox.js";
import { A_WEDNESDAY, FakeClock, INTERACTION, send } from "./support/wire.js";

const REQUEST_ID = { "x-request-id": "0b5f3cbe-54c6-4f8f-9d2a-6a8f4c1f9f10" };

describe("faults", () => {
  const under = useSandbox();

  const patient = () => send(`${under.sandbox.pdsUrl}/Patient/9000000009`, { headers: REQUEST_ID });

  it("answer in place of the service, as often as said", async () => {
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

  it("can be taken away, one or all", async () => {
    const remove = under.sandbox.faults.add({ service: "PDS", kind: { status: 500 } });
    under.sandbox.faults.add({ service: "PDS", kind: { status: 429 } });
    expect((await patient()).status).toBe(500);
    remove();
    expect((await patient()).status).toBe(429);
    under.sandbox.faults.clear();
    expect((await patient()).status).toBe(200);
  });

  it("takeMatching one practice, and one interaction by its whole or its last part", async () => {
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

  it("takeMatching the directory by organisation", async () => {
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

  it("cut the connection before any work", async () => {
    under.sandbox.faults.add({ service: "PDS", kind: "reset", times: 1 });
    await expect(patient()).rejects.toThrow();
    expect(under.sandbox.requests.at(-1)).toMatchObject({ service: "PDS", status: undefined });
    expect((await patient()).status).toBe(200);
  });

  it("cut it after the work: the caller sees 502, the appointment stands", async () => {
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
    expect(under.sandbox.practices.get("T81001")?.slots.get(slot.id)?.status).toBe("busy");
    expect((await caller.book(booking)).status).toBe(409);
  });

  it("cut it at the proxy after the practice has done the work", async () => {
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
    expect(under.sandbox.practices.get("T81001")?.slots.get(slot.id)?.status).toBe("busy");
  });

  it("let a practice book late, after the caller has given up", async () => {
    const caller = await under.caller();
    const { json } = await caller.slots("2026-01-15", "2026-01-27");
    const [slot] = resourcesOf(json, "Slot");
    const booking = bookingOf(json, [slot], await caller.patientId("9000000009"));
    const fault = { interaction: "appointment-1", kind: { delayMs: 150 }, times: 1 };
    under.sandbox.faults.add({ service: "PRACTICE", ...fault });
    const givingUp = new AbortController();
    const before = under.sandbox.requests.length;
    const attempt = expect(caller.book(booking, { signal: givingUp.signal })).rejects.toThrow("gave up");
    // The proxy's own record first, then the practice's.
    while (under.sandbox.requests.length < before + 2) await new Promise(setImmediate);
    givingUp.abort(new Error("gave up"));
    await attempt;
    const stored = under.sandbox.practices.get("T81001")?.slots.get(slot.id);
    expect(stored?.status).toBe("free");
    while (stored?.status === "free") await new Promise(setImmediate);
    expect(stored?.status).toBe("busy");
  });

  it("delay the work", async () => {
    under.sandbox.faults.add({ service: "PDS", kind: { delayMs: 30 }, times: 1 });
    const before = performance.now();
    expect((await patient()).status).toBe(200);
    expect(performance.now() - before).toBeGreaterThan(25);
  });
});

describe("closing", () => {
  it("ends hanging, delayed and slow requests at once", async () => {
    const clock = new FakeClock(A_WEDNESDAY);
    const sandbox = await startSandbox({ clock, slowMs: 60_000 });
    const slow = await Caller.of(sandbox, clock, "T81003");
    sandbox.faults.add({ service: "PDS", kind: "hang", times: 1 });
    sandbox.faults.add({ service: "PDS", kind: { delayMs: 60_000 } });
    const get = () => send(`${sandbox.pdsUrl}/Patient/9000000009`, { headers: REQUEST_ID });
    const pending = [get(), get(), slow.metadata()].map((one) => expect(one).rejects.toThrow());
    // Everybody has been received once the practice has seen the slow one, which went the longest way.
    while (!sandbox.requests.some(({ service }) => service === "PRACTICE")) await new Promise(setImmediate);
    const before = performance.now();
    await sandbox.close();
    await Promise.all(pending);
    expect(performance.now() - before).toBeLessThan(1000);
  });
});
