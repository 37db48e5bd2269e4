import { UpstreamError } from "../../platform/errors.js";
import type { AppointmentReference } from "../../platform/ids/appointment-id.js";
import { asBooking, type BookingAsked, type HeldBooking } from "../book/booking-intent.js";
import type { CommandDesk } from "../commands/command-desk.js";
import type { JourneyContext } from "../journey-context.js";

/**
 * What stands in the way of changing an appointment while a booking of its slots is not settled.
 *
 * @throws UpstreamError retryable.
 */
export async function refuseWhileBookingSettles(
  kind: "cancel" | "amend",
  reference: AppointmentReference,
  slotIds: readonly string[],
  { commands }: JourneyContext,
): Promise<void> {
  const open = await commands.intents.open();
  const bookings = open
    .filter(({ intent }) => intent.kind === "book")
    .map(asBooking)
    .filter(({ intent: { asked } }) => isAbout(asked, reference, slotIds));
  const stop =
    kind === "cancel" ? mayComeIn(bookings, commands) : await mayBeTheirs(bookings, reference, commands);
  if (!stop) return;
  throw new UpstreamError(
    "A booking of this slot is not quite settled at the practice yet. Try again in half a minute.",
    { service: "PROVIDER", code: "UPSTREAM_UNAVAILABLE", reason: "BOOKING_SETTLING", retryable: true },
  );
}

function isAbout(
  { odsCode, slots }: BookingAsked,
  reference: AppointmentReference,
  slotIds: readonly string[],
): boolean {
  return odsCode === reference.odsCode && slots.some(({ slotId }) => slotIds.includes(slotId));
}

/**
 * A booking of ours that was sent and had no answer may still be on its way to slots that an appointment has. As long as
 * that one stands, it is refused; were it cancelled now, the slots would be free, and an appointment could appear for a key
 * that has one already, or of which it was said that the slot is taken. So for the rest of the bound on late commits, half a
 * minute at most, it is not cancelled through us. Whose booking is on its way does not matter: the same person may have
 * asked under two keys.
 */
function mayComeIn(bookings: readonly HeldBooking[], commands: CommandDesk): boolean {
  return bookings.some((booking) => !commands.isSpent(booking));
}

/**
 * Of bookings that had no answer, the words tell whose an appointment is. They are not amended through us before that is
 * written down.
 */
async function mayBeTheirs(
  bookings: readonly HeldBooking[],
  { odsCode, appointmentId }: AppointmentReference,
  { intents }: CommandDesk,
): Promise<boolean> {
  const isUnclear = bookings.some(
    ({ intent: { state } }) => state.name === "sending" || state.name === "unknown",
  );
  return isUnclear && (await intents.ownerOf({ odsCode, appointmentId })) === undefined;
}
