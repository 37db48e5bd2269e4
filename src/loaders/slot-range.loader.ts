import type { OdsCode } from "../domain/ods-code.js";
import type { Slot, SlotSearchResponse } from "../domain/slot.js";
import { type TimeWindow, toWindows } from "../domain/slot-windows.js";
import type { SlotWindowLoader } from "./slot-windows.loader.js";

export interface SlotRangeKey extends TimeWindow {
  readonly odsCode: OdsCode;
  /** Only slots of this service of the Directory of Services. */
  readonly serviceId?: string | undefined;
  /** Only slots that begin later are of use. The same for all fields of one operation. */
  readonly now: number;
}

/** What a practice's answers come to together. */
export interface JoinedSlots {
  /** Each slot once, in order of time. */
  readonly slots: readonly Slot[];
  /** What the practice said of its answers. */
  readonly warnings: readonly string[];
  /** Whether it filtered by service, as it says. */
  readonly serviceFiltering: string | undefined;
}

export interface SlotRangeLoader {
  load(key: SlotRangeKey): Promise<JoinedSlots>;
  clearAll(): void;
}

/**
 * All free slots in a range. Longer ranges are cut into windows that are asked for side by side. When one window
 * fails, the whole answer fails: a list with a hole in it would be taken for all there is (assurance notes,
 * hazard 36).
 *
 * Whoever asks for the same range gets the same list: the patients of one practice, a field and its aliases. Not by
 * DataLoader, since nothing is to be gathered, and the windows must be asked for before a level's other loaders look.
 */
export function createSlotRangeLoader(windows: Pick<SlotWindowLoader, "load">): SlotRangeLoader {
  const joined = new Map<string, Promise<JoinedSlots>>();
  const join = async (key: SlotRangeKey) => {
    const { odsCode, serviceId } = key;
    const answers = toWindows(key).map((window) => windows.load({ odsCode, serviceId, ...window }));
    return mergeSlotResponses(await Promise.all(answers), key);
  };
  return {
    load(key) {
      const { odsCode, serviceId, from, to, now } = key;
      const text = JSON.stringify([odsCode, serviceId, from, to, now]);
      const answer = joined.get(text) ?? join(key);
      joined.set(text, answer);
      return answer;
    },
    clearAll: () => joined.clear(),
  };
}

/** Joins answers, and takes only what was asked for. */
export function mergeSlotResponses(
  answers: readonly SlotSearchResponse[],
  { from, to, now }: Pick<SlotRangeKey, "from" | "to" | "now">,
): JoinedSlots {
  const byId = new Map<string, { slot: Slot; start: number }>();
  for (const slot of answers.flatMap(({ slots }) => slots)) {
    const start = Date.parse(slot.start);
    // Some systems return the past slots of the current week, which nobody can book (GP Connect notes, 14.2), and
    // an answer may be to a wider question of another field.
    const isWanted = start > now && start >= from && Date.parse(slot.end) <= to;
    if (isWanted) byId.set(slot.id, { slot, start });
  }
  const slots = [...byId.values()].sort((a, b) => a.start - b.start).map(({ slot }) => slot);
  const warnings = new Set(answers.flatMap((answer) => answer.warnings ?? []));
  return { slots, warnings: [...warnings], serviceFiltering: filteringOf(answers) };
}

/** Of several answers the one that says less: a list is filtered only when all of it is. */
function filteringOf(answers: readonly SlotSearchResponse[]): string | undefined {
  const statuses = answers.map(({ serviceFiltering }) => serviceFiltering);
  if (statuses.every((status) => status === "enabled")) return statuses[0];
  return statuses.find((status) => status !== undefined && status !== "enabled");
}
