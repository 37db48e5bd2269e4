import { parseNhsNumber } from "../../src/domain/nhs-number.js";
import { createLog } from "../../src/platform/telemetry/log.js";
import { PERSONAS, startSandbox } from "../../src/sandbox/index.js";
import { resourcesOf } from "./support/bundles.js";
import { Caller, lookUp } from "./support/caller.js";
import { A_WEDNESDAY, CONSUMER_ASID, FakeClock, type Json, send } from "./support/wire.js";

const REQUEST_ID = { "x-request-id": "0b5f3cbe-54c6-4f8f-9d2a-6a8f4c1f9f10" };

/** Slots of the good practice in a new sandbox. */
async function slotsAt(ms: number, from: string, to: string): Promise<Json[]> {
  const clock = new FakeClock(ms);
  const sandbox = await startSandbox({ clock });
  try {
    const caller = await Caller.of(sandbox, clock, "T81001");
    return resourcesOf((await caller.slots(from, to)).json, "Slot");
  } finally {
    await sandbox.close();
  }
}

describe("the sandbox", () => {
  it("starts within a second with the same data each time", async () => {
    const durations: number[] = [];
    for (let attempt = 0; attempt < 3; attempt++) {
      const before = performance.now();
      const sandbox = await startSandbox();
      durations.push(performance.now() - before);
      await sandbox.close();
    }
    expect(Math.min(...durations)).toBeLessThan(200);
    const first = await slotsAt(A_WEDNESDAY, "2026-01-14", "2026-01-28");
    expect(first.length).toBeGreaterThan(100);
    expect(await slotsAt(A_WEDNESDAY, "2026-01-14", "2026-01-28")).toEqual(first);
  });

  it("has slots for eight weeks of weekdays from today", async () => {
    const late = await slotsAt(A_WEDNESDAY, "2026-03-02", "2026-03-15");
    const days = new Set(late.map((slot) => slot.start.slice(0, 10)));
    expect([...days].sort()).toEqual(
      [2, 3, 4, 5, 6, 9, 10].map((day) => `2026-03-${String(day).padStart(2, "0")}`),
    );
  });

  it("still has slots after sixty days, because the timetable rolls with the clock", async () => {
    const clock = new FakeClock(A_WEDNESDAY);
    const sandbox = await startSandbox({ clock });
    const caller = await Caller.of(sandbox, clock, "T81101");
    const days = async (from: string, to: string) =>
      resourcesOf((await caller.slots(from, to)).json, "Slot").map(({ start }) => start.slice(0, 10));
    expect(await days("2026-03-16", "2026-03-20")).toEqual([]);
    clock.ms += 60 * 86_400_000;
    expect(new Set(await days("2026-03-16", "2026-03-18"))).toEqual(
      new Set(["2026-03-16", "2026-03-17", "2026-03-18"]),
    );
    await sandbox.close();
  });

  it("gives slots the UK offset of their own day when the clocks change", async () => {
    const slots = await slotsAt(Date.parse("2026-10-19T08:00:00Z"), "2026-10-23", "2026-10-26");
    const offsets = new Set(slots.map((slot) => `${slot.start.slice(8, 10)}${slot.start.slice(19)}`));
    expect(offsets).toEqual(new Set(["23+01:00", "26+00:00"]));
  });

  it("keeps the state of two sandboxes separate", async () => {
    const [one, two] = [await startSandbox(), await startSandbox()];
    expect(new Set([one.pdsUrl, one.sdsUrl, one.sspUrl, two.pdsUrl, two.sdsUrl, two.sspUrl]).size).toBe(6);
    await send(`${one.pdsUrl}/Patient/9000000009`, { headers: REQUEST_ID });
    expect([one.requests.length, two.requests.length]).toEqual([1, 0]);
    await Promise.all([one.close(), two.close()]);
  });

  it("accredits the consumer of the options", async () => {
    const clock = new FakeClock(A_WEDNESDAY);
    const sandbox = await startSandbox({ clock, consumer: { asid: "200000000777", odsCode: "T82777" } });
    const caller = await Caller.of(sandbox, clock, "T81001");
    expect((await caller.metadata({ headers: { "ssp-from": "200000000777" } })).status).toBe(200);
    expect((await caller.metadata({ headers: { "ssp-from": CONSUMER_ASID } })).status).toBe(403);
    expect((await lookUp(sandbox, "T81001")).asid).toBe("918000081001");
    await sandbox.close();
  });

  it("records requests and logs neither NHS numbers nor queries", async () => {
    const lines: string[] = [];
    const clock = new FakeClock(A_WEDNESDAY);
    const sandbox = await startSandbox({ clock, log: createLog("trace", (line) => lines.push(line)) });
    const caller = await Caller.of(sandbox, clock, "T81001");
    await caller.find("9000000009");
    await send(`${sandbox.pdsUrl}/Patient/9000000009`, { headers: REQUEST_ID });
    expect(
      sandbox.requests.map(({ service, interaction, status }) => [
        service,
        interaction?.split(":").at(-1),
        status,
      ]),
    ).toEqual([
      ["SDS", "Endpoint", 200],
      ["SDS", "Device", 200],
      ["SSP", "patient-1", 200],
      ["PRACTICE", "patient-1", 200],
      ["PDS", "Patient.read", 200],
    ]);
    expect(lines).toHaveLength(5);
    expect(lines.join("")).not.toMatch(/9000000009|withheld|identifier|http/);
    await sandbox.close();
  });

  it("has personas with valid NHS numbers, each with a case", () => {
    expect(PERSONAS.patients).toHaveLength(45);
    for (const { nhsNumber, case: sentence } of PERSONAS.patients) {
      expect(parseNhsNumber(nhsNumber)).toBe(nhsNumber);
      expect(sentence.length).toBeGreaterThan(20);
    }
    expect(new Set(PERSONAS.practices.map(({ odsCode }) => odsCode)).size).toBe(29);
  });
});
