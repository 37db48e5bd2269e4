import { toLondonDateTime } from "../../domain/london-time.js";
import type { SlotSearchQuery, SlotSearchResult } from "../../domain/slot-search.js";
import type { GraphContext } from "../context.js";
import type { PracticeType } from "../practice/practice.type.js";
import { requireTimeLeft } from "../response-deadline.js";
import { SlotType } from "./slot.type.js";

/** The slots as the graph shows them, no more than the caller wants. */
export function toSlotTypes(
  { slots }: SlotSearchResult,
  { first }: SlotSearchQuery,
  practice: PracticeType,
  context: GraphContext,
): SlotType[] {
  const ids = context.slotIds;
  const organisationType = context.call.caller.organisation.type;
  const listed = slots.slice(0, first);
  requireTimeLeft(context.call.signal);
  context.responseSize.addItems(listed.length);
  return listed.map((slot) => new SlotType({ slot, practice, ids, organisationType }));
}

/** Conditions the caller could otherwise miss (assurance notes, hazards 47 and 100). */
export function toSlotWarnings(
  { slots, searchedUntil, warnings }: SlotSearchResult,
  { range, first, stopWhenFound }: SlotSearchQuery,
  startsInPast: boolean,
): string[] {
  const all = [...warnings];
  if (startsInPast) {
    all.push(`Past slots are not available: the search starts at ${toLondonDateTime(range.from)}.`);
  }
  if (first !== undefined && slots.length > first) {
    all.push(`The list was cut to the first ${first} of ${slots.length} slots found.`);
  }
  if (stopWhenFound && first !== undefined && slots.length < first) {
    all.push(`Fewer than ${first} slots were found up to the horizon, ${toLondonDateTime(searchedUntil)}.`);
  }
  return all;
}
