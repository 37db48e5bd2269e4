import { PRESETS } from "../../../src/sandbox/control/presets.js";
import type { Fault, ListedFault } from "../../../src/sandbox-console/api/fault.js";
import { nextClockChanges } from "../../../src/sandbox-console/clock/summer-time.js";
import { EMPTY_FORM, toFault } from "../../../src/sandbox-console/faults/fault-form-state.js";
import { activeIds } from "../../../src/sandbox-console/faults/fault-switch.js";
import { describeFault } from "../../../src/sandbox-console/faults/fault-words.js";

describe("a fault in words", () => {
  it.each<[string, Fault | ListedFault]>([
    ["PDS: status 503", { service: "PDS", kind: { status: 503 } }],
    ["SSP: no response for 5 % of the calls", { service: "SSP", kind: "hang", probability: 0.05 }],
    ["V&M: delay of 2 s, 1 more time", { service: "VM", kind: { delayMs: 2000 }, times: 1 }],
    [
      "SDS: connection reset, 2 more times",
      { id: "1", service: "SDS", kind: "reset", times: 5, remaining: 2 },
    ],
    [
      "Practice T81001, create appointment: commit, then status 500",
      {
        service: "PRACTICE",
        odsCode: "T81001",
        interaction: "rest:create:appointment-1",
        kind: { afterCommit: { status: 500 } },
      },
    ],
    [
      "Practice: no response, and the commit 5 s on average later",
      {
        service: "PRACTICE",
        kind: { lateCommit: { response: "hang", delayMs: { distribution: "exponential", meanMs: 5000 } } },
      },
    ],
  ])("%s", (words, fault) => {
    expect(describeFault(fault)).toBe(words);
  });

  it("exists for every preset", () => {
    const words = Object.values(PRESETS)
      .flat()
      .map((fault) => describeFault(fault));
    for (const sentence of words) expect(sentence).not.toMatch(/undefined|NaN|\[object/);
  });
});

describe("a switch for faults", () => {
  const down: Fault = { service: "PDS", kind: { status: 503 } };
  const listed = (id: string, fault: Fault): ListedFault => ({ id, ...fault });

  it("is on while all its faults are active, in any order and among others", () => {
    const other: Fault = { service: "SDS", kind: "reset" };
    expect(activeIds([down, other], [listed("1", other), listed("2", down)])).toEqual(["2", "1"]);
    expect(activeIds([down, other], [listed("2", down)])).toBeUndefined();
  });

  it("does not take a fault with another probability, practice or count for its own", () => {
    for (const change of [{ probability: 0.5 }, { odsCode: "T81001" }, { times: 1 }]) {
      expect(activeIds([down], [listed("1", { ...down, ...change })])).toBeUndefined();
    }
  });

  it("needs two equal faults where it adds two", () => {
    expect(activeIds([down, down], [listed("1", down)])).toBeUndefined();
    expect(activeIds([down, down], [listed("1", down), listed("2", down)])).toEqual(["1", "2"]);
  });

  it("compares members, not their order", () => {
    const kind = { delayMs: { meanMs: 800, distribution: "exponential" } } as const;
    const same = { delayMs: { distribution: "exponential", meanMs: 800 } } as const;
    expect(activeIds([{ service: "SSP", kind }], [listed("1", { kind: same, service: "SSP" })])).toEqual([
      "1",
    ]);
  });
});

describe("the form for a fault", () => {
  it("leaves out what is empty", () => {
    expect(toFault(EMPTY_FORM)).toEqual({ service: "PDS", kind: { status: 503 } });
  });

  it("describes a late commit at one practice", () => {
    const form = {
      ...EMPTY_FORM,
      service: "PRACTICE",
      kind: "lateCommit",
      status: "504",
      delayMs: "100",
      odsCode: " t81001 ",
      interaction: "create:appointment-1",
      share: "50",
      times: "2",
    } as const;
    expect(toFault(form)).toEqual({
      service: "PRACTICE",
      odsCode: "T81001",
      interaction: "create:appointment-1",
      kind: { lateCommit: { response: { status: 504 }, delayMs: 100 } },
      probability: 0.5,
      times: 2,
    });
  });
});

describe("the next changes of the clocks", () => {
  const next = (now: string) => {
    const { forward, back } = nextClockChanges(Date.parse(now));
    return [new Date(forward).toISOString(), new Date(back).toISOString()];
  };

  it.each([
    ["2026-01-14T09:41:00Z", "2026-03-29T01:00:00.000Z", "2026-10-25T01:00:00.000Z"],
    ["2026-03-29T00:59:59Z", "2026-03-29T01:00:00.000Z", "2026-10-25T01:00:00.000Z"],
    ["2026-03-29T01:00:00Z", "2027-03-28T01:00:00.000Z", "2026-10-25T01:00:00.000Z"],
    ["2026-12-31T23:59:59Z", "2027-03-28T01:00:00.000Z", "2027-10-31T01:00:00.000Z"],
  ])("after %s are %s and %s", (now, forward, back) => {
    expect(next(now)).toEqual([forward, back]);
  });

  it("are where London's offset changes, for 30 years", () => {
    const offset = (ms: number) =>
      new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/London", timeZoneName: "longOffset" })
        .format(ms)
        .slice(-6);
    let now = Date.parse("2026-01-01T00:00:00Z");
    for (let year = 0; year < 30; year += 1) {
      const { forward, back } = nextClockChanges(now);
      expect([offset(forward - 1), offset(forward)]).toEqual(["+00:00", "+01:00"]);
      expect([offset(back - 1), offset(back)]).toEqual(["+01:00", "+00:00"]);
      now = Math.max(forward, back);
    }
  });
});
