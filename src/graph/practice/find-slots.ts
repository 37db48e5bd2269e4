import { toLondonDateTime } from "../../domain/london-time.js";
import type { SlotFilter } from "../../domain/slot-filter.js";
import type { TimeWindow } from "../../domain/slot-windows.js";
import { type FoundSlots, loadFreeSlots, loadNextFreeSlots } from "../../loaders/free-slots.js";
import type { GraphContext } from "../context.js";
import { SlotType } from "../slot/slot.type.js";
import type { PracticeType } from "./practice.type.js";
import { openPractice } from "./practice-gate.js";

/** A search whose arguments have been checked. */
export interface SlotSearchRequest {
  readonly range: TimeWindow;
  readonly filter?: SlotFilter | undefined;
  readonly serviceId?: string | undefined;
  /** At most so many slots; all, when left out. */
  readonly first?: number | undefined;
  /** Ask for later windows only until `first` are found. */
  readonly untilEnough: boolean;
}

/** Opens the practice and asks it. What the three slot fields have in common. */
export async function findSlots(
  practice: PracticeType,
  { range, filter, serviceId, first, untilEnough }: SlotSearchRequest,
  context: GraphContext,
): Promise<FoundSlots> {
  openPractice(practice, context);
  const order = { odsCode: practice.odsCode, range, filter, serviceId, now: context.now };
  return untilEnough && first !== undefined
    ? loadNextFreeSlots(context.loaders, { ...order, enough: first })
    : loadFreeSlots(context.loaders, order);
}

/** The slots as the graph shows them, no more than the caller wants. */
export function toSlotTypes(
  { slots }: FoundSlots,
  practice: PracticeType,
  { first }: Pick<SlotSearchRequest, "first">,
  context: GraphContext,
): SlotType[] {
  const ids = context.slotIds;
  const organisationType = context.call.caller.organisation.type;
  return slots.slice(0, first).map((slot) => new SlotType({ slot, practice, ids, organisationType }));
}

/** What a reader would else not notice (assurance notes, hazards 47 and 100). */
export function warningsOf(
  { slots, searchedUntil, warnings }: FoundSlots,
  { range, first, untilEnough }: SlotSearchRequest,
  beganInPast: boolean,
): string[] {
  const all = [...warnings];
  if (beganInPast) {
    all.push(`Nothing before now can be had: the search begins at ${toLondonDateTime(range.from)}.`);
  }
  if (first !== undefined && slots.length > first) {
    all.push(`The list was cut to the first ${first} of ${slots.length} slots found.`);
  }
  if (untilEnough && first !== undefined && slots.length < first) {
    all.push(`Fewer than ${first} slots were found up to the horizon, ${toLondonDateTime(searchedUntil)}.`);
  }
  return all;
}
