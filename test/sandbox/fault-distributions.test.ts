import { PRESETS } from "../../src/sandbox/control/presets.js";
import { drawDelay, type FaultSubject } from "../../src/sandbox/http/faults.js";
import { FaultRegistry } from "../../src/sandbox/index.js";
import { bookingOf, resourcesOf } from "./support/bundles.js";
import { useSandbox } from "./support/use-sandbox.js";

const PDS: FaultSubject = { service: "PDS" };

/** Returns the numbers in turn, then fails: a draw more than expected is an error. */
function sequence(...numbers: number[]): () => number {
  return () => {
    const next = numbers.shift();
    if (next === undefined) throw new Error("one draw too many");
    return next;
  };
}

describe("a fault with a probability", () => {
  it("applies to a request whose draw lies below it, and not to one at it", () => {
    const faults = new FaultRegistry(sequence(0.24, 0.25, 0.9, 0));
    faults.add({ service: "PDS", kind: "reset", probability: 0.25 });
    expect([1, 2, 3, 4].map(() => faults.take(PDS))).toEqual(["reset", undefined, undefined, "reset"]);
  });

  it("counts only the requests that it applied to", () => {
    const faults = new FaultRegistry(sequence(0.9, 0.1, 0.9, 0.1));
    faults.add({ service: "PDS", kind: "reset", probability: 0.5, times: 2 });
    expect([1, 2, 3, 4, 5].map(() => faults.take(PDS))).toEqual([
      undefined,
      "reset",
      undefined,
      "reset",
      undefined,
    ]);
    expect(faults.list()).toEqual([]);
  });

  it("never applies with 0, and always with 1", () => {
    const never = new FaultRegistry(() => 0);
    never.add({ service: "PDS", kind: "reset", probability: 0 });
    expect(never.take(PDS)).toBeUndefined();
    const always = new FaultRegistry(() => 0.999_999);
    always.add({ service: "PDS", kind: "reset", probability: 1 });
    expect(always.take(PDS)).toBe("reset");
  });

  it("leaves a request that it passes over to the next fault", () => {
    const faults = new FaultRegistry(() => 0.9);
    faults.add({ service: "PDS", kind: "reset", probability: 0.5 });
    faults.add({ service: "PDS", kind: "hang" });
    expect(faults.take(PDS)).toBe("hang");
  });

  it("draws nothing for a request that it does not match", () => {
    const faults = new FaultRegistry(sequence());
    faults.add({ service: "PDS", interaction: "Patient.read", kind: "reset", probability: 0.5 });
    expect(faults.take({ service: "PDS", interaction: "Patient.search" })).toBeUndefined();
    expect(faults.take({ service: "SDS", interaction: "Patient.read" })).toBeUndefined();
  });
});

describe("the delay of a fault", () => {
  it("is fixed, uniform between its bounds, or exponential about its mean", () => {
    expect(drawDelay(70, sequence())).toBe(70);
    const uniform = { distribution: "uniform", minMs: 100, maxMs: 300 } as const;
    expect([0, 0.5, 1].map((draw) => drawDelay(uniform, () => draw))).toEqual([100, 200, 300]);
    const exponential = { distribution: "exponential", meanMs: 1000 } as const;
    expect(drawDelay(exponential, () => 0)).toBeCloseTo(0);
    // The median of an exponential distribution is the mean times ln 2.
    expect(drawDelay(exponential, () => 0.5)).toBeCloseTo(693.147, 2);
    expect(drawDelay(exponential, () => 1 - Math.exp(-1))).toBeCloseTo(1000);
  });
});

describe("a fault around the commit of a booking", () => {
  const under = useSandbox();
  beforeEach(() => under.sandbox.reset());

  async function prepared() {
    const caller = await under.caller();
    const { json } = await caller.slots("2026-01-15", "2026-01-27");
    const patientId = await caller.patientId("9000000009");
    const [slot] = resourcesOf(json, "Slot");
    const stored = () => under.sandbox.practices.get("T81001")?.appointments.size;
    return { book: () => caller.book(bookingOf(json, [slot], patientId)), stored };
  }

  it.each([
    ["before it: nothing is stored", { status: 503 }, 503, 0],
    ["after it: the appointment is stored", { afterCommit: { status: 503 } }, 503, 1],
  ] as const)("replaces the response %s", async (_case, kind, status, count) => {
    const { book, stored } = await prepared();
    under.sandbox.faults.add({ service: "PRACTICE", interaction: "rest:create:appointment-1", kind });
    expect([(await book()).status, stored()]).toEqual([status, count]);
  });

  it("responds first and stores later with a late commit", async () => {
    const { book, stored } = await prepared();
    const hold = under.sandbox.hold({ service: "PRACTICE", interaction: "rest:create:appointment-1" });
    under.sandbox.faults.add({
      service: "PRACTICE",
      interaction: "rest:create:appointment-1",
      kind: { lateCommit: { response: { status: 504 } } },
      times: 1,
    });
    expect([(await book()).status, stored()]).toEqual([504, 0]);
    await hold.waiting();
    hold.release();
    while (stored() === 0) await new Promise(setImmediate);
    expect(stored()).toBe(1);
    expect((await book()).status).toBe(409);
  });
});

describe("a preset", () => {
  it.each<[string, FaultSubject, FaultSubject]>([
    ["8am-rush", { service: "SSP" }, { service: "VM" }],
    ["supplier-outage", { service: "PRACTICE" }, { service: "SDS" }],
    ["flapping-directory", { service: "SDS" }, { service: "PDS" }],
    ["slow-pds", { service: "PDS" }, { service: "SDS" }],
    [
      "late-commits",
      { service: "PRACTICE", interaction: "rest:create:appointment-1" },
      { service: "PRACTICE", interaction: "rest:search:slot-1" },
    ],
  ])("%s reaches the requests that it is about, and no others", (name, about, other) => {
    const faults = new FaultRegistry(() => 0);
    for (const fault of PRESETS[name] ?? []) faults.add(fault);
    expect(faults.take(about)).toBeDefined();
    expect(faults.take(other)).toBeUndefined();
  });
});
