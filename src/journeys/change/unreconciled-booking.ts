import type { CommandCoordinator } from "../../commands/command-coordinator.js";
import { UpstreamError } from "../../platform/errors.js";
import type { AppointmentReference } from "../../platform/ids/appointment-id.js";
import { asBooking, type BookingDetails, type ClaimedBooking } from "../booking-intent.js";
import type { JourneyContext } from "../journey-context.js";

/**
 * Refuses to change an appointment while a booking of its slots is not reconciled.
 *
 * @throws UpstreamError retryable.
 */
export async function refuseWhileBookingIsOpen(
  kind: "cancel" | "amend",
  reference: AppointmentReference,
  slotIds: readonly string[],
  { commands }: JourneyContext,
): Promise<void> {
  const open = await commands.store.open();
  const bookings = open
    .filter(({ intent }) => intent.kind === "book")
    .map(asBooking)
    .filter(({ intent: { details } }) => isForSlots(details, reference, slotIds));
  const isRefused =
    kind === "cancel" ? mayTakeEffect(bookings, commands) : await mayHaveMade(bookings, reference, commands);
  if (!isRefused) return;
  throw new UpstreamError(
    "A booking of this slot is not yet reconciled with the practice. Try again in half a minute.",
    { service: "PROVIDER", code: "UPSTREAM_UNAVAILABLE", reason: "BOOKING_SETTLING", retryable: true },
  );
}

function isForSlots(
  { odsCode, slots }: BookingDetails,
  reference: AppointmentReference,
  slotIds: readonly string[],
): boolean {
  return odsCode === reference.odsCode && slots.some(({ slotId }) => slotIds.includes(slotId));
}

/**
 * A booking of ours that had no response may still be on its way to the slots of an appointment. While the appointment
 * stands, the practice refuses that booking. If it were cancelled now, the slots would be free, and an appointment could
 * appear for a key that has one already, or whose caller was told that the slot is taken. So for the rest of the bound
 * on late commits it is not cancelled through us. Whose booking is on its way does not matter: the same person may have
 * used two keys.
 */
function mayTakeEffect(bookings: readonly ClaimedBooking[], commands: CommandCoordinator): boolean {
  return bookings.some((booking) => commands.boundLeftMs(booking) > 0);
}

/**
 * The description and comment tell which of the bookings without a response made an appointment. They are not amended
 * through us before that is stored.
 */
async function mayHaveMade(
  bookings: readonly ClaimedBooking[],
  { odsCode, appointmentId }: AppointmentReference,
  { store }: CommandCoordinator,
): Promise<boolean> {
  const isUnclear = bookings.some(
    ({ intent: { state } }) => state.name === "sending" || state.name === "unknown",
  );
  return isUnclear && (await store.ownerOf({ odsCode, appointmentId })) === undefined;
}
