import { addLondonDays, londonHour, toLondonDateTime } from "../../src/domain/london-time.js";
import { type TimeWindow, toWindows } from "../../src/domain/slot-windows.js";
import { seededRandom } from "../../src/sandbox/shared/seeded.js";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const at = (text: string) => Date.parse(text);

/** What a provider of the acceptance pack counts: whole days, from 0 to 14 (GP Connect notes, 8.4). */
function wholeDays({ from, to }: TimeWindow): { elapsed: number; byWallClock: number } {
  const wall = (instant: number) => at(`${toLondonDateTime(instant).slice(0, 19)}Z`);
  return { elapsed: Math.floor((to - from) / DAY), byWallClock: Math.floor((wall(to) - wall(from)) / DAY) };
}

function isDuringTheDay(instant: number): boolean {
  const hour = londonHour(instant);
  return hour > 8 && hour < 19;
}

/** The furthest that a window from here may reach. */
function reach(from: number): number {
  return Math.max(from + 14 * DAY, addLondonDays(from, 14));
}

/** Whether so many windows can cover a range without a cut during the day, each taken as late as can be. */
function canAvoidTheDay({ from, to }: TimeWindow, count: number): boolean {
  let cut = from;
  for (let left = count - 1; left > 0; left--) {
    cut = reach(cut);
    if (isDuringTheDay(cut)) cut = at(toLondonDateTime(cut).replace(/T.{8}/, "T08:00:00"));
  }
  return to <= reach(cut);
}

/** What is wrong with the windows of a range. */
function faultsOf(range: TimeWindow, windows = toWindows(range)): string[] {
  const faults: string[] = [];
  const edges = windows.flatMap(({ from, to }) => [from, to]);
  if (edges[0] !== range.from || edges.at(-1) !== range.to) faults.push("the range is not covered");
  for (const [index, window] of windows.entries()) {
    const { elapsed, byWallClock } = wholeDays(window);
    if (index > 0 && window.from !== windows[index - 1]?.to) faults.push("a gap or an overlap");
    if (window.to <= window.from && windows.length > 1) faults.push("an empty window");
    if (window.to % SECOND !== 0) faults.push("a cut within a second");
    if (elapsed < 0 || elapsed > 14) faults.push(`${elapsed} days elapse`);
    if (byWallClock < 0 || byWallClock > 14) faults.push(`${byWallClock} days by the wall clock`);
  }
  const isLonger = range.to > addLondonDays(range.from, 14);
  const fewest = isLonger ? Math.ceil((range.to - range.from) / (14 * DAY)) : 1;
  const expected = canAvoidTheDay(range, fewest) ? fewest : fewest + 1;
  if (windows.length !== expected) faults.push(`${windows.length} windows instead of ${expected}`);
  if (windows.slice(1).some(({ from }) => isDuringTheDay(from))) faults.push("a cut during the day");
  if (faults.length > 0) faults.push(shown(range), ...windows.map(shown));
  return faults;
}

function shown({ from, to }: TimeWindow): string {
  return `${toLondonDateTime(from)}/${toLondonDateTime(to)}`;
}

test("sound for any range up to 26 weeks, at any time of the year", () => {
  const random = seededRandom("windows");
  for (let round = 0; round < 4_000; round++) {
    const from = at("2026-01-01T00:00:00Z") + Math.floor(random() * 700 * 24 * 3600) * SECOND;
    const fortnights = 1 + Math.floor(random() * 13);
    // Half of them with hardly any slack, where the cuts have no choice.
    const length =
      random() < 0.5 ? random() * 182 * DAY : fortnights * 14 * DAY + 2 * HOUR - random() * 30 * HOUR;
    const to = from + Math.min(Math.ceil(length / SECOND) * SECOND, 182 * DAY);
    expect(faultsOf({ from, to })).toEqual([]);
  }
});

// Proves 1.9/4.
test.each(["2026-03-29", "2026-10-25", "2027-03-28", "2027-10-31"])(
  "sound around the change of %s, with every slack",
  (change) => {
    const random = seededRandom(change);
    for (let round = 0; round < 1_000; round++) {
      const from = at(`${change}T01:00:00Z`) - Math.floor(random() * 30 * 24 * 60) * MINUTE;
      const to = from + 28 * DAY + 2 * HOUR - Math.floor(random() * 26 * 60) * MINUTE;
      expect(faultsOf({ from, to })).toEqual([]);
    }
  },
);

test("no slot between eight and seven is lost to a cut", () => {
  const random = seededRandom("slots");
  for (let round = 0; round < 300; round++) {
    const from = at("2026-02-01T00:00:00Z") + Math.floor(random() * 300 * 24 * 60) * MINUTE;
    const range = { from, to: from + 15 * DAY + Math.floor(random() * 60 * 24 * 60) * MINUTE };
    const windows = toWindows(range);
    for (let tries = 0; tries < 50; tries++) {
      const start = from + Math.floor(random() * ((range.to - from) / MINUTE)) * MINUTE;
      const slot = { from: start, to: start + 40 * MINUTE };
      const isDay = londonHour(slot.from) >= 8 && londonHour(slot.to) <= 19 && londonHour(slot.to) >= 8;
      if (!isDay || slot.to > range.to) continue;
      const holders = windows.filter((window) => window.from <= slot.from && slot.to <= window.to);
      expect([shown(slot), holders.length]).toEqual([shown(slot), 1]);
    }
  }
});
