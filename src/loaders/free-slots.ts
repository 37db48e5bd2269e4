import type { OdsCode } from "../domain/ods-code.js";
import type { SlotSearchResponse } from "../domain/slot.js";
import { applyFilter, type FilteredSlots, type SlotFilter } from "../domain/slot-filter.js";
import { type TimeWindow, toWindows } from "../domain/slot-windows.js";
import type { Loaders } from "./create-loaders.js";
import { type JoinedSlots, mergeSlotResponses } from "./slot-range.loader.js";

export interface SlotSearchOrder {
  readonly odsCode: OdsCode;
  readonly range: TimeWindow;
  /** Only slots that begin later are of use. */
  readonly now: number;
  readonly filter?: SlotFilter | undefined;
  /** Only slots of this service of the Directory of Services. */
  readonly serviceId?: string | undefined;
}

/** Free slots of a practice, in order of time, and how they were come by. */
export interface FoundSlots extends FilteredSlots, Omit<JoinedSlots, "slots"> {
  /** Up to here the practice was asked, milliseconds since the epoch. */
  readonly searchedUntil: number;
}

/** All free slots in a range that agree with the filter. */
export async function loadFreeSlots(
  { slotRange }: Pick<Loaders, "slotRange">,
  { odsCode, serviceId, range, now, filter }: SlotSearchOrder,
): Promise<FoundSlots> {
  return filtered(await slotRange.load({ odsCode, serviceId, now, ...range }), filter, range.to);
}

/**
 * The next free slots: the practice is asked for later windows, one after the other, only until enough slots agree
 * with the filter or the range ends ("repeated calls with amended date ranges").
 */
export async function loadNextFreeSlots(
  { slotWindow }: Pick<Loaders, "slotWindow">,
  { odsCode, serviceId, range, now, filter, enough }: SlotSearchOrder & { readonly enough: number },
): Promise<FoundSlots> {
  const answers: SlotSearchResponse[] = [];
  // Anew over all answers: a run of adjacent slots may reach from one window into the next.
  const foundUntil = (end: number) => filtered(mergeSlotResponses(answers, { ...range, now }), filter, end);
  let found = foundUntil(range.from);
  for (const window of toWindows(range)) {
    answers.push(await slotWindow.load({ odsCode, serviceId, ...window }));
    found = foundUntil(window.to);
    if (found.slots.length >= enough) break;
  }
  return found;
}

function filtered(joined: JoinedSlots, filter: SlotFilter | undefined, searchedUntil: number): FoundSlots {
  return { ...joined, ...applyFilter(joined.slots, filter), searchedUntil };
}
