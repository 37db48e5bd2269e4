import type { UpstreamError } from "../../platform/errors.js";
import type { SlotUnavailable } from "../booking-intent.js";
import type { JourneyContext } from "../journey-context.js";
import type { ReadyToBook } from "./booking-types.js";

const SLOT_CHANGED: SlotUnavailable = {
  kind: "slot-unavailable",
  code: "SLOT_CHANGED",
  message: "The practice has moved, changed or removed the slot. Search again.",
};

/**
 * A practice refuses with 422 a create for a slot that it has moved or changed. Practices do not say so in a way that
 * can be relied on, so one fresh search tells.
 *
 * @returns undefined when the refusal has another cause, or the search fails.
 */
export async function findSlotChanged(
  { httpStatus, service }: UpstreamError,
  { booking, practice }: ReadyToBook,
  { gpConnect, call }: JourneyContext,
): Promise<SlotUnavailable | undefined> {
  if (httpStatus !== 422 || service !== "PROVIDER") return undefined;
  const { slots } = booking;
  const [{ start }] = slots;
  const { end } = slots.at(-1) ?? slots[0];
  try {
    const found = await gpConnect.searchFreeSlots(practice, { start, end }, call);
    const isUnchanged = slots.every((slot) =>
      found.slots.some(
        (free) =>
          free.id === slot.slotId &&
          free.start === slot.start &&
          free.end === slot.end &&
          free.scheduleId === slot.scheduleId,
      ),
    );
    return isUnchanged ? undefined : SLOT_CHANGED;
  } catch {
    return undefined;
  }
}
