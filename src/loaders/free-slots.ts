import type { OdsCode } from "../domain/ods-code.js";
import type { Slot } from "../domain/slot.js";
import { type TimeWindow, toWindows } from "../domain/slot-windows.js";
import type { Loaders } from "./create-loaders.js";

/**
 * All free slots of a practice in a range that begin in the future, in order of time.
 *
 * Longer ranges are cut into windows that are asked for side by side. When one window fails, the whole answer
 * fails: a list with a hole in it would be taken for all there is (assurance notes, hazard 36).
 */
export async function loadFreeSlots(
  { slotWindow }: Pick<Loaders, "slotWindow">,
  { odsCode, range, now }: { readonly odsCode: OdsCode; readonly range: TimeWindow; readonly now: number },
): Promise<Slot[]> {
  const answers = await Promise.all(
    toWindows(range).map((window) => slotWindow.load({ odsCode, ...window })),
  );
  const byId = new Map<string, Slot>();
  for (const slot of answers.flatMap(({ slots }) => slots)) byId.set(slot.id, slot);
  // Some systems return the past slots of the current week, which nobody can book (GP Connect notes, 14.2).
  return [...byId.values()]
    .map((slot) => ({ slot, start: Date.parse(slot.start) }))
    .filter(({ start }) => start > now)
    .sort((a, b) => a.start - b.start)
    .map(({ slot }) => slot);
}
