import type { Slot } from "../../src/domain/slot.js";
import type { SlotWindow } from "../../src/upstreams/ssp/index.js";
import { TestClock } from "../support/call-context.js";
import { createGraphHarness, type GraphHarness } from "../support/graph-harness.js";

/**
 * The double run of the assurance notes, section 1.9: the same suite in winter, in summer, and on both weekends on
 * which the clocks change. What is expected is worked out with the platform's own calendar, not with ours.
 */
const RUNS = [
  ["in January", "2026-01-14T09:12:34Z"],
  ["in July", "2026-07-15T08:12:34Z"],
  ["on the Saturday before the change of March", "2026-03-28T09:12:34Z"],
  ["in the night of the change of March", "2026-03-29T00:30:00Z"],
  ["on the Saturday before the change of October", "2026-10-24T08:12:34Z"],
  ["in the first of October's two equal hours", "2026-10-25T00:30:00Z"],
  ["in the second of October's two equal hours", "2026-10-25T01:30:00Z"],
  ["a week before the change of March, just after midnight", "2026-03-22T00:10:00Z"],
  ["a week before the change of October, just after midnight", "2026-10-17T23:10:00Z"],
] as const;

const DAY_MS = 86_400_000;
const at = (text: string) => Date.parse(text);

const LONDON = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Europe/London",
  dateStyle: "short",
  timeStyle: "medium",
});

/** `2026-07-01T15:00:00` as a clock in London shows it. */
function wallText(instant: number): string {
  const [date = "", time = ""] = LONDON.format(instant).split(", ");
  return `${date.split("/").reverse().join("-")}T${time}`;
}

/** UK local time with the offset of that very date. */
function ukTime(instant: number): string {
  const wall = wallText(instant);
  return `${wall}${at(`${wall}Z`) === instant ? "+00:00" : "+01:00"}`;
}

function slotAt(instant: number): Slot {
  return {
    id: `slot-${instant}`,
    start: ukTime(instant),
    end: ukTime(instant + 600_000),
    scheduleId: "schedule-1",
    location: { id: "location-1", addressLines: [] },
  };
}

/** A slot at 15:00 by the clock on the wall on each of so many days. */
function afternoons(from: number, days: number): Slot[] {
  return Array.from({ length: days }, (_, index) => {
    const date = wallText(from + index * DAY_MS + 7_200_000).slice(0, 10);
    const inWinter = at(`${date}T15:00:00Z`);
    return slotAt(wallText(inWinter).endsWith("15:00:00") ? inWinter : inWinter - 3_600_000);
  });
}

/** As the strictest providers refuse (GP Connect notes, 8.4 and 11.1). */
function faultOf({ start, end }: SlotWindow): string | undefined {
  for (const text of [start, end]) if (ukTime(at(text)) !== text) return `wrong offset or form: ${text}`;
  const days = (from: number, to: number) => Math.floor((to - from) / DAY_MS);
  const elapsed = days(at(start), at(end));
  const byWall = days(at(`${start.slice(0, 19)}Z`), at(`${end.slice(0, 19)}Z`));
  return [elapsed, byWall].some((count) => count < 0 || count > 14)
    ? `${elapsed} or ${byWall} days`
    : undefined;
}

/** A practice that refuses as the strictest do and gives the slots that lie wholly inside. */
function strictPractice(now: string, slots: readonly Slot[]): GraphHarness {
  return createGraphHarness({
    clock: new TestClock(at(now)),
    gpConnect: {
      searchFreeSlots: async (_practice, window) => {
        const fault = faultOf(window);
        if (fault) throw new Error(fault);
        const { start, end } = window;
        return { slots: slots.filter((one) => at(one.start) >= at(start) && at(one.end) <= at(end)) };
      },
    },
  });
}

interface Answer {
  readonly practice: Record<
    "freeSlots" | "nextFreeSlots",
    readonly { start: string; end: string; id: string }[]
  >;
}

async function ask(harness: GraphHarness, field: string) {
  const { data, errors } = await harness.run<Answer>(`{ practice(odsCode: "T81001") { ${field} } }`);
  expect(errors).toEqual([]);
  return data.practice;
}

describe.each(RUNS)("%s", (_, now) => {
  // Proves 1.9/1, 1.9/2, 1.9/4, GPC-SFS-1.3, CONS-AppointmentsAPITest1, SUMMER-TIME-SCREEN, HAZ-WRONG-TIME.
  test("two weeks are one call with the offsets of their own dates, and 15:00 stays 15:00", async () => {
    const slots = afternoons(at(now), 14).filter(({ start }) => at(start) > at(now));
    const harness = strictPractice(now, slots);
    const { freeSlots } = await ask(harness, "freeSlots { start end }");
    expect(freeSlots).toEqual(slots.map(({ start, end }) => ({ start, end })));
    expect(freeSlots.every(({ start }) => start.slice(11, 19) === "15:00:00")).toBe(true);
    expect(harness.counts()["gpConnect.searchFreeSlots"]).toBe(1);
  });

  // Proves 1.9/4, GPC-SFS-1.3.
  test.each([3, 8, 26])("%i weeks lose no day and give none twice", async (weeks) => {
    const end = ukTime(at(now) + weeks * 7 * DAY_MS);
    const slots = afternoons(at(now), weeks * 7 - 1).filter(({ start }) => at(start) > at(now));
    const { freeSlots } = await ask(strictPractice(now, slots), `freeSlots(to: "${end}") { start }`);
    expect(freeSlots.map(({ start }) => start)).toEqual(slots.map(({ start }) => start));
  });

  test.each([14, 28, 56, 182])(
    "nextFreeSlots within %i days asks once for each two weeks at most",
    async (days) => {
      const harness = strictPractice(now, []);
      await ask(harness, `nextFreeSlots(horizonDays: ${days}) { start }`);
      expect(harness.counts()["gpConnect.searchFreeSlots"]).toBe(days / 14);
    },
  );

  test("a filter by time of day goes by the clock on the wall", async () => {
    const slots = afternoons(at(now), 12).filter(({ start }) => at(start) > at(now));
    const day = (from: string, to: string) => `filter: { timeOfDay: { from: "${from}", to: "${to}" } }`;
    const practice = await ask(
      strictPractice(now, slots),
      `freeSlots(${day("15:00", "15:10")}) { start } nextFreeSlots(${day("15:01", "24:00")}) { start }`,
    );
    expect([practice.freeSlots.length, practice.nextFreeSlots.length]).toEqual([slots.length, 0]);
  });

  // Proves 1.9/6.
  test("future appointments are selected by instant, not by text", async () => {
    const slots = [-20, -1, 1, 20, 40, 70].map((minutes) => slotAt(at(now) + minutes * 60_000));
    const harness = createGraphHarness({
      clock: new TestClock(at(now)),
      gpConnect: { searchFreeSlots: async () => ({ slots }) },
    });
    const { freeSlots } = await ask(harness, "freeSlots { start }");
    expect(freeSlots.map(({ start }) => start)).toEqual(slots.slice(2).map(({ start }) => start));
  });
});
