import { toEpochMs } from "./instant.js";
import type { OdsCode } from "./ods-code.js";
import type { Slot, SlotSearchResponse } from "./slot.js";
import { applyFilter, type FilteredSlots, type SlotFilter } from "./slot-filter.js";
import type { TimeWindow } from "./slot-windows.js";
import { unusableEntriesWarnings } from "./unusable-entries.js";

/** A search for free slots at one practice: checked arguments, from the resolver down to the calls. */
export interface SlotSearchQuery {
  readonly odsCode: OdsCode;
  /** Whole seconds, not in the past. */
  readonly range: TimeWindow;
  /** When the operation began, milliseconds since the epoch. Only later slots are of use. */
  readonly now: number;
  readonly filter?: SlotFilter | undefined;
  /** Only slots of this service of the Directory of Services. */
  readonly serviceId?: string | undefined;
  /** Give no more than this many slots; all of them when undefined. */
  readonly first?: number | undefined;
  /** Request one window after the other, and stop once `first` slots are found. */
  readonly stopWhenFound: boolean;
}

/** The responses of one practice, put together. */
export interface MergedSlots {
  /** Each slot once, in order of time. */
  readonly slots: readonly Slot[];
  /** What the practice said of its responses, in sentences that are safe to show. */
  readonly warnings: readonly string[];
  /** Entries of the responses that could not be used. Without any slot, they leave open whether there are free ones. */
  readonly unusableEntries: number;
  /** Whether the practice says that it filtered by service. */
  readonly serviceFiltering: string | undefined;
}

/** All free slots that a search found, before `first` cuts the list. */
export interface SlotSearchResult extends FilteredSlots, Omit<MergedSlots, "slots"> {
  /** The end of the last window that was requested, milliseconds since the epoch. */
  readonly searchedUntil: number;
}

/** Puts responses together, and keeps only the slots that lie in the range and start later than now. */
export function mergeSlotResponses(
  responses: readonly SlotSearchResponse[],
  { range, now }: Pick<SlotSearchQuery, "range" | "now">,
): MergedSlots {
  const byId = new Map<string, { slot: Slot; start: number }>();
  for (const slot of responses.flatMap(({ slots }) => slots)) {
    const start = toEpochMs(slot.start);
    // Some systems return the past slots of the current week, which nobody can book (GP Connect notes, 14.2). A
    // response may also belong to a wider search that another field made.
    const isWanted = start > now && start >= range.from && toEpochMs(slot.end) <= range.to;
    if (isWanted) byId.set(slot.id, { slot, start });
  }
  // By id among those of one time, so that a position in the list means the same in every search.
  const slots = [...byId.values()]
    .sort((a, b) => a.start - b.start || (a.slot.id < b.slot.id ? -1 : 1))
    .map(({ slot }) => slot);
  const warnings = new Set(responses.flatMap((response) => response.warnings ?? []));
  const unusableEntries = responses.reduce((sum, response) => sum + (response.unusableEntries ?? 0), 0);
  return {
    slots,
    warnings: [...warnings, ...unusableEntriesWarnings(unusableEntries)],
    unusableEntries,
    serviceFiltering: leastFiltering(responses),
  };
}

/** The result for one field: what was found, less what its filter withholds. */
export function toSlotSearchResult(
  merged: MergedSlots,
  filter: SlotFilter | undefined,
  searchedUntil: number,
): SlotSearchResult {
  return { ...merged, ...applyFilter(merged.slots, filter), searchedUntil };
}

/** The status that promises least: a list is filtered only when every part of it is. */
function leastFiltering(responses: readonly SlotSearchResponse[]): string | undefined {
  const statuses = responses.map(({ serviceFiltering }) => serviceFiltering);
  if (statuses.every((status) => status === "enabled")) return statuses[0];
  return statuses.find((status) => status !== undefined && status !== "enabled");
}
