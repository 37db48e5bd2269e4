import { addLondonDays, nearestLondonMidnights } from "../../domain/london-time.js";
import {
  defaultEnd,
  type TimeWindow,
  toWholeSeconds,
  toWindows,
  WINDOW_DAYS,
} from "../../domain/slot-windows.js";
import { BadUserInputError } from "../../platform/errors.js";
import { toEpoch } from "../shared/scalars.js";

/** 26 weeks: a booking horizon beyond that no practice offers, and each two weeks cost a call. */
export const MAX_RANGE_WEEKS = 26;
const MAX_RANGE_DAYS = MAX_RANGE_WEEKS * 7;
const DAY_MS = 24 * 60 * 60 * 1000;
/** A larger list is refused rather than cut without a word (assurance notes, hazard 47). */
const MAX_SLOTS = 10_000;

interface RangeArguments {
  readonly from?: string | null | undefined;
  readonly to?: string | null | undefined;
}

/**
 * The range from `from` to `to`, from now on, in whole seconds.
 *
 * @throws BadUserInputError naming the argument, before any call.
 */
export function requireSlotRange({ from, to }: RangeArguments, now: number): TimeWindow {
  const start = from == null ? now : toEpoch(from, "from");
  const end = to == null ? defaultEnd(Math.ceil(start / 1000) * 1000) : toEpoch(to, "to");
  if (end < start) throw new BadUserInputError("to", "The range ends before it starts.");
  if (end <= now) {
    const message = "The range is in the past: only future slots can be free.";
    throw new BadUserInputError(to == null ? "from" : "to", message);
  }
  if (end > longestEnd(start)) {
    throw new BadUserInputError("to", `The range is longer than ${MAX_RANGE_WEEKS} weeks.`);
  }
  const range = toWholeSeconds({ from: Math.max(start, now), to: end });
  if (range.to >= range.from) return range;
  throw new BadUserInputError("to", "The range is shorter than a second.");
}

/**
 * The range of a search that stops once it has found enough: whole London days, less a second. Where the cuts
 * between its windows would fall into the day, it ends at the midnight before, rather than cost a call for the
 * rest of the last morning.
 *
 * @throws BadUserInputError naming the argument, before any call.
 */
export function requireHorizon(
  { from, horizonDays }: { readonly from?: string | null | undefined; readonly horizonDays: number },
  now: number,
): TimeWindow {
  if (horizonDays < 1 || horizonDays > MAX_RANGE_DAYS) {
    throw new BadUserInputError("horizonDays", `horizonDays must be between 1 and ${MAX_RANGE_DAYS}.`);
  }
  const start = Math.max(from == null ? now : toEpoch(from, "from"), now);
  const first = Math.ceil(start / 1000) * 1000;
  const range = { from: first, to: addLondonDays(first, horizonDays) - 1000 };
  const isTooDear = toWindows(range).length > Math.ceil(horizonDays / WINDOW_DAYS);
  return isTooDear ? { ...range, to: nearestLondonMidnights(range.to).before } : range;
}

/** @throws BadUserInputError when `first` is no sensible number of slots. */
export function requireFirst(first: number): number {
  if (first >= 1 && first <= MAX_SLOTS) return first;
  throw new BadUserInputError("first", `first must be between 1 and ${MAX_SLOTS}.`);
}

/** A week in which the clocks change counts as a week, by elapsed time and by the calendar. */
function longestEnd(start: number): number {
  return Math.max(start + MAX_RANGE_DAYS * DAY_MS, addLondonDays(start, MAX_RANGE_DAYS));
}
