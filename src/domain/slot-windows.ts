import { addLondonDays, londonHour, nearestLondonMidnights } from "./london-time.js";

/** A stretch of time, both ends included, in milliseconds since the epoch. */
export interface TimeWindow {
  readonly from: number;
  readonly to: number;
}

/** A provider answers for two weeks at most (GP Connect notes, 8.4 and 11.3). */
export const WINDOW_DAYS = 14;

const SECOND = 1000;
const WINDOW_MS = WINDOW_DAYS * 24 * 60 * 60 * SECOND;

/** `from` rounded up and `to` down to a whole second, the precision that practices are asked in. */
export function toWholeSeconds({ from, to }: TimeWindow): TimeWindow {
  return { from: Math.ceil(from / SECOND) * SECOND, to: Math.floor(to / SECOND) * SECOND };
}

/** The range asked for when the caller names no end: one window. */
export function defaultEnd(from: number): number {
  return addLondonDays(from, WINDOW_DAYS) - SECOND;
}

/**
 * Cuts a range into windows that a provider accepts, touching end to end.
 *
 * A practice returns only slots that lie wholly inside a window, so a slot across a cut would be lost. Cuts
 * therefore lie as near to midnight in London as the slack allows, and where one would be forced between 08:00
 * and 19:00 a further window is spent.
 */
export function toWindows(range: TimeWindow): TimeWindow[] {
  if (range.to <= addLondonDays(range.from, WINDOW_DAYS)) return [range];
  const fewest = Math.max(1, Math.ceil((range.to - range.from) / WINDOW_MS));
  const cuts = placeCuts(range, fewest);
  const best = cuts.some(isDuringTheDay) ? placeCuts(range, fewest + 1) : cuts;
  const edges = [range.from, ...best, range.to];
  return best.concat(range.to).map((to, index) => ({ from: edges[index] ?? range.from, to }));
}

/** The cuts between `count` windows, each as near to a midnight as those to its left and right permit. */
function placeCuts({ from, to }: TimeWindow, count: number): number[] {
  const cuts: number[] = [];
  let previous = from;
  for (let after = count - 1; after > 0; after--) {
    const latest = Math.max(previous + WINDOW_MS, addLondonDays(previous, WINDOW_DAYS));
    const earliest = Math.min(to - after * WINDOW_MS, addLondonDays(to, -after * WINDOW_DAYS));
    previous = nearestToMidnight(Math.max(earliest, previous), Math.min(latest, to));
    cuts.push(previous);
  }
  return cuts;
}

/** The latest midnight between the two, else whichever end is nearer to one. */
function nearestToMidnight(earliest: number, latest: number): number {
  const late = nearestLondonMidnights(latest);
  if (late.before >= earliest) return late.before;
  const fromEarliest = earliest - nearestLondonMidnights(earliest).before;
  const fromLatest = late.after - latest;
  return fromEarliest < fromLatest ? earliest : latest;
}

function isDuringTheDay(instant: number): boolean {
  const hour = londonHour(instant);
  return hour > 8 && hour < 19;
}
