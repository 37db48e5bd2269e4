import type { OdsCode } from "../domain/ods-code.js";
import type { Slot, SlotSearchAnswer } from "../domain/slot.js";
import { applyFilter, type FilteredSlots, type SlotFilter } from "../domain/slot-filter.js";
import { type TimeWindow, toWindows } from "../domain/slot-windows.js";
import type { Loaders } from "./create-loaders.js";

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
export interface FoundSlots extends FilteredSlots {
  /** Up to here the practice was asked, milliseconds since the epoch. */
  readonly searchedUntil: number;
  /** What the practice said of its answers. */
  readonly warnings: readonly string[];
  /** Whether it filtered by service, as it says. */
  readonly serviceFiltering: string | undefined;
}

type SlotLoaders = Pick<Loaders, "slotWindow">;

/**
 * All free slots in a range. Longer ranges are cut into windows that are asked for side by side. When one window
 * fails, the whole answer fails: a list with a hole in it would be taken for all there is (assurance notes,
 * hazard 36).
 */
export async function loadFreeSlots(
  { slotWindow }: SlotLoaders,
  order: SlotSearchOrder,
): Promise<FoundSlots> {
  const { odsCode, serviceId, range } = order;
  const windows = toWindows(range).map((window) => slotWindow.load({ odsCode, serviceId, ...window }));
  return gather(order, await Promise.all(windows), range.to);
}

/**
 * The next free slots: the practice is asked for later windows, one after the other, only until enough slots agree
 * with the filter or the range ends ("repeated calls with amended date ranges").
 */
export async function loadNextFreeSlots(
  { slotWindow }: SlotLoaders,
  order: SlotSearchOrder & { readonly enough: number },
): Promise<FoundSlots> {
  const { odsCode, serviceId, range, enough } = order;
  const answers: SlotSearchAnswer[] = [];
  let found = gather(order, answers, range.from);
  for (const window of toWindows(range)) {
    answers.push(await slotWindow.load({ odsCode, serviceId, ...window }));
    // Anew over all answers: a run of adjacent slots may reach from one window into the next.
    found = gather(order, answers, window.to);
    if (found.slots.length >= enough) break;
  }
  return found;
}

/** Joins the answers: each slot once, in order of time, and only those that were asked for. */
function gather(
  { range, now, filter }: SlotSearchOrder,
  answers: readonly SlotSearchAnswer[],
  searchedUntil: number,
): FoundSlots {
  const byId = new Map<string, { slot: Slot; start: number }>();
  for (const slot of answers.flatMap(({ slots }) => slots)) {
    const start = Date.parse(slot.start);
    // Some systems return the past slots of the current week, which nobody can book (GP Connect notes, 14.2), and
    // an answer may be to a wider question of another field.
    const isWanted = start > now && start >= range.from && Date.parse(slot.end) <= range.to;
    if (isWanted) byId.set(slot.id, { slot, start });
  }
  const slots = [...byId.values()].sort((a, b) => a.start - b.start).map(({ slot }) => slot);
  const warnings = new Set(answers.flatMap((answer) => answer.warnings ?? []));
  return {
    ...applyFilter(slots, filter),
    searchedUntil,
    warnings: [...warnings],
    serviceFiltering: filteringOf(answers),
  };
}

/** Of several answers the one that says less: a list is filtered only when all of it is. */
function filteringOf(answers: readonly SlotSearchAnswer[]): string | undefined {
  const statuses = answers.map(({ serviceFiltering }) => serviceFiltering);
  if (statuses.every((status) => status === "enabled")) return statuses[0];
  return statuses.find((status) => status !== undefined && status !== "enabled");
}
