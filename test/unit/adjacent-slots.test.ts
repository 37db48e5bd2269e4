import {
  type AdjacencyFacts,
  brokenAdjacencyRule,
  inAdjacentRuns,
  inTimeOrder,
} from "../../src/domain/adjacent-slots.js";
import { seededRandom } from "../../src/sandbox/shared/seeded.js";

interface NamedSlot extends AdjacencyFacts {
  readonly name: string;
}

/** A slot of ten minutes, that many minutes after nine. */
function slot(minutes: number, facts: Partial<NamedSlot> = {}): NamedSlot {
  const start = Date.parse("2026-06-10T09:00:00Z") + minutes * 60_000;
  return {
    name: String(minutes),
    start: new Date(start).toISOString(),
    end: new Date(start + 600_000).toISOString(),
    scheduleId: "schedule-1",
    deliveryChannel: "In-person",
    serviceType: "Routine",
    ...facts,
  };
}

function runs(slots: readonly NamedSlot[], length: number): string[] {
  return inAdjacentRuns(slots, length).map(({ name }) => name);
}

test.each([
  [[slot(0)], undefined],
  [[slot(0), slot(10), slot(20)], undefined],
  [[slot(0), slot(20)], "NOT_CONSECUTIVE"],
  [[slot(10), slot(0)], "NOT_CONSECUTIVE"],
  [[slot(0), slot(5)], "NOT_CONSECUTIVE"],
  [[slot(0), slot(10, { scheduleId: "schedule-2" })], "DIFFERENT_SCHEDULE"],
  [[slot(0), slot(10, { deliveryChannel: "Telephone" })], "DIFFERENT_DELIVERY_CHANNEL"],
  [[slot(0), slot(10, { deliveryChannel: undefined })], "DIFFERENT_DELIVERY_CHANNEL"],
  [[slot(0), slot(10, { serviceType: "Extended" })], "DIFFERENT_TYPE"],
  [[slot(0), slot(10), slot(20, { serviceType: undefined })], "DIFFERENT_TYPE"],
])("the first rule that slots break: case %#", (slots, rule) => {
  expect(brokenAdjacencyRule(slots)).toBe(rule);
});

test("neighbours meet at one instant, however it is written", () => {
  const before = slot(0, { end: "2026-06-10T10:10:00+01:00" });
  expect(brokenAdjacencyRule([before, slot(10, { start: "2026-06-10T09:10:00+00:00" })])).toBeUndefined();
});

test("time order is that of instants, not of letters", () => {
  const first = slot(0, { start: "2026-10-25T01:55:00+01:00" });
  const second = slot(0, { start: "2026-10-25T01:05:00+00:00" });
  expect(inTimeOrder([second, first])).toEqual([first, second]);
});

describe("slots of runs", () => {
  test("every slot of a longer run is part of a shorter one", () => {
    expect(runs([slot(0), slot(10), slot(20), slot(30)], 2)).toEqual(["0", "10", "20", "30"]);
  });

  test("a run that is too short is left out whole", () => {
    expect(runs([slot(0), slot(10), slot(30), slot(40), slot(50)], 3)).toEqual(["30", "40", "50"]);
  });

  test("the order given is kept", () => {
    expect(runs([slot(10), slot(40), slot(0)], 2)).toEqual(["10", "0"]);
  });

  test.each<[string, Partial<NamedSlot>]>([
    ["another schedule", { scheduleId: "schedule-2" }],
    ["another delivery channel", { deliveryChannel: "Telephone" }],
    ["another type", { serviceType: "Extended" }],
    ["a gap", { start: "2026-06-10T09:11:00Z" }],
  ])("%s in the middle ends a run", (_, facts) => {
    expect(runs([slot(0), slot(10, facts), slot(20)], 2)).toEqual(facts.start ? ["10", "20"] : []);
  });

  test("sessions side by side have runs of their own", () => {
    const other = { scheduleId: "schedule-2" };
    const slots = [slot(0), slot(0, { ...other, name: "B0" }), slot(10), slot(20, { ...other, name: "B20" })];
    expect(runs(slots, 2)).toEqual(["0", "10"]);
  });

  test("of doubles at one time each is part of the run", () => {
    expect(runs([slot(0), slot(10), slot(10, { name: "double" }), slot(20)], 3)).toEqual([
      "0",
      "10",
      "double",
      "20",
    ]);
  });

  test("a run goes on through the double that fits", () => {
    const slots = [slot(0), slot(10, { serviceType: "Extended", name: "misfit" }), slot(10), slot(20)];
    expect(runs(slots, 3)).toEqual(["0", "10", "20"]);
  });

  test("a slot of no length is no run by itself", () => {
    const point = slot(0, { name: "point", end: slot(0).start });
    expect(runs([point, slot(0)], 2)).toEqual([]);
    expect(runs([point, { ...point, name: "again" }], 2)).toEqual([]);
  });

  test("a run of one is any slot", () => {
    expect(runs([slot(0), slot(30)], 1)).toEqual(["0", "30"]);
  });
});

/** Tries every chain. Slow and plain. */
function isInRun(slots: readonly NamedSlot[], wanted: NamedSlot, length: number): boolean {
  const extend = (chain: readonly NamedSlot[]): boolean =>
    chain.length === length
      ? chain.includes(wanted)
      : slots.some(
          (next) =>
            !chain.includes(next) && !brokenAdjacencyRule([...chain, next]) && extend([...chain, next]),
        );
  return slots.some((first) => extend([first]));
}

test("agrees with trying every chain of slots", () => {
  const random = seededRandom("runs");
  const pick = <T>(...values: readonly [T, ...T[]]) =>
    values[Math.floor(random() * values.length)] ?? values[0];
  for (let round = 0; round < 200; round++) {
    const slots = Array.from({ length: 8 }, (_, index) =>
      slot(pick(0, 10, 20, 30, 40), {
        name: `slot ${index}`,
        scheduleId: pick("schedule-1", "schedule-1", "schedule-2"),
        serviceType: pick("Routine", "Routine", undefined),
      }),
    );
    const length = pick(2, 3, 4);
    const expected = slots.filter((one) => isInRun(slots, one, length)).map(({ name }) => name);
    expect(runs(slots, length)).toEqual(expected);
  }
});
