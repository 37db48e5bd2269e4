import { defaultEnd, type TimeWindow, toWholeSeconds } from "../../domain/slot-windows.js";
import { BadUserInputError } from "../../platform/errors.js";
import { toEpoch } from "../shared/scalars.js";

/** 26 weeks: a booking horizon beyond that no practice offers, and each two weeks cost a call. */
export const MAX_RANGE_WEEKS = 26;
const MAX_RANGE_MS = MAX_RANGE_WEEKS * 7 * 24 * 60 * 60 * 1000;

/**
 * The range that `from` and `to` ask for, from now on, in whole seconds.
 *
 * @throws BadUserInputError naming the argument, before any call.
 */
export function requireSlotRange(
  { from, to }: { readonly from?: string | null | undefined; readonly to?: string | null | undefined },
  now: number,
): TimeWindow {
  const start = from == null ? now : toEpoch(from, "from");
  const end = to == null ? defaultEnd(Math.ceil(start / 1000) * 1000) : toEpoch(to, "to");
  if (end < start) throw new BadUserInputError("to", "The range ends before it starts.");
  if (end < now)
    throw new BadUserInputError("to", "The range is wholly in the past: only free slots to come can be had.");
  if (end - start > MAX_RANGE_MS) {
    throw new BadUserInputError("to", `The range is longer than ${MAX_RANGE_WEEKS} weeks.`);
  }
  return toWholeSeconds({ from: Math.max(start, now), to: end });
}

/** @throws BadUserInputError when `first` is not a sensible number of slots. */
export function requireFirst(first: number | null | undefined, most: number): number {
  if (first == null) return most;
  if (first >= 1 && first <= most) return first;
  throw new BadUserInputError("first", `first must be between 1 and ${most}.`);
}
