import type { PracticeAppointment } from "../../domain/appointment.js";
import { asBooking, type ClaimedBooking } from "../booking-intent.js";
import { haveSameIds } from "../compare-write.js";
import type { JourneyContext } from "../journey-context.js";

/**
 * The intent of ours that an appointment is attributed to; it may be the one that reads back. While a booking is not
 * reconciled, its claim keeps every other booking of its slots from being sent, so an appointment in them that no
 * reconciled booking owns can be attributed to it alone.
 *
 * @returns undefined when no intent of ours is known to have made it.
 * @throws UpstreamError when the store cannot be read.
 */
export async function attribute(
  appointment: PracticeAppointment,
  { intent }: ClaimedBooking,
  { commands: { store } }: JourneyContext,
): Promise<ClaimedBooking | undefined> {
  const { odsCode } = intent.details;
  const ownerKey = await store.ownerOf({ odsCode, appointmentId: appointment.id });
  const owner = ownerKey === undefined ? undefined : await store.get(ownerKey);
  return owner && asBooking(owner);
}

/** The same booking with the same description and comment, in whichever order the slots were given. */
export function haveSameContent(
  { intent: { details: one } }: ClaimedBooking,
  { intent: { details: other } }: ClaimedBooking,
): boolean {
  return (
    one.odsCode === other.odsCode &&
    one.nhsNumber === other.nhsNumber &&
    one.caller.organisation.odsCode === other.caller.organisation.odsCode &&
    one.description === other.description &&
    one.comment === other.comment &&
    haveSameIds(
      one.slots.map(({ slotId }) => slotId),
      other.slots.map(({ slotId }) => slotId),
    )
  );
}
