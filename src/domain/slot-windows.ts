import { addLondonDays, londonHour, nearestLondonMidnights } from "./london-time.js";

/** A stretch of time, both ends included, in milliseconds since the epoch. */
export interface TimeWindow {
  readonly from: number;
  readonly to: number;
}

/** A provider serves two weeks at most (GP Connect notes, 8.4 and 11.3). */
export const WINDOW_DAYS = 14;

const SECOND = 1000;
const WINDOW_MS = WINDOW_DAYS * 24 * 60 * 60 * SECOND;

/** `from` rounded up and `to` down to a whole second, the precision of a request. */
export function toWholeSeconds({ from, to }: TimeWindow): TimeWindow {
  return { from: Math.ceil(from / SECOND) * SECOND, to: Math.floor(to / SECOND) * SECOND };
}

/** The range when the caller names no end: one window. */
export function defaultEnd(from: number): number {
  return addLondonDays(from, WINDOW_DAYS) - SECOND;
}

/**
 * Cuts a range into windows that a provider accepts, touching end to end.
 *
 * A practice returns only slots that lie wholly inside a window, so a slot across a cut would be lost. Cuts
 * therefore lie as near to midnight in London as the slack allows, and where one would be forced between 08:00
 * and 19:00 a further window is used.
 */
export function toWindows(range: TimeWindow): TimeWindow[] {
  if (fitsOneWindow(range)) return [range];
  const fewest = Math.ceil((range.to - range.from) / WINDOW_MS);
  const cuts = placeCuts(range, fewest);
  const best = cuts.some(isDuringTheDay) ? placeCuts(range, fewest + 1) : cuts;
  const edges = [range.from, ...best, range.to];
  return best.concat(range.to).map((to, index) => ({ from: edges[index] ?? range.from, to }));
}

/** Whether a provider serves a range in one call. */
export function fitsOneWindow({ from, to }: TimeWindow): boolean {
  return to <= longestReach(from);
}

/** Whether all that lies wholly inside `inner` lies wholly inside `outer`. */
export function contains(outer: TimeWindow, inner: TimeWindow): boolean {
  return outer.from <= inner.from && inner.to <= outer.to;
}

/**
 * Fewer windows that hold each of these whole: those that overlap or touch become one where a provider returns
 * for it in one call. Nothing is lost by it, since no cut is added.
 */
export function mergeWindows(windows: readonly TimeWindow[]): TimeWindow[] {
  const merged: TimeWindow[] = [];
  for (const window of [...windows].sort((a, b) => a.from - b.from || b.to - a.to)) {
    const last = merged.at(-1);
    const union = last && { from: last.from, to: Math.max(last.to, window.to) };
    const canJoin =
      last && union && window.from <= last.to && (contains(last, window) || fitsOneWindow(union));
    if (canJoin) merged[merged.length - 1] = union;
    else merged.push({ from: window.from, to: window.to });
  }
  return merged;
}

/** The cuts between `count` windows, each as near to a midnight as those to its left and right permit. */
function placeCuts({ from, to }: TimeWindow, count: number): number[] {
  const earliest = [to];
  for (let left = count - 1; left > 0; left--) earliest.unshift(reachBack(earliest[0] ?? to));
  const cuts: number[] = [];
  let previous = from;
  for (const limit of earliest.slice(0, -1)) {
    previous = nearestToMidnight(Math.max(limit, previous), Math.min(longestReach(previous), to));
    cuts.push(previous);
  }
  return cuts;
}

/**
 * The latest end of a window that begins here. Providers count whole days, some on the wall clock and some by
 * elapsed time: when the clocks change, the spare hour makes fifteen days by neither.
 */
function longestReach(from: number): number {
  return Math.max(from + WINDOW_MS, addLondonDays(from, WINDOW_DAYS));
}

/** The earliest beginning of a window that ends here. */
function reachBack(to: number): number {
  return Math.min(to - WINDOW_MS, addLondonDays(to, -WINDOW_DAYS));
}

/** The latest midnight between the two, else whichever end is nearer to one, but not during the day for choice. */
function nearestToMidnight(earliest: number, latest: number): number {
  const late = nearestLondonMidnights(latest);
  if (late.before >= earliest) return late.before;
  if (isDuringTheDay(earliest) !== isDuringTheDay(latest)) return isDuringTheDay(latest) ? earliest : latest;
  return earliest - late.before < late.after - latest ? earliest : latest;
}

function isDuringTheDay(instant: number): boolean {
  const hour = londonHour(instant);
  return hour > 8 && hour < 19;
}
