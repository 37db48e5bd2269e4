import { notDone } from "../../commands/persist-outcome.js";
import { requireNoStoredError } from "../../commands/stored-error.js";
import { BadUserInputError } from "../../platform/errors.js";
import { asBooking } from "../booking-intent.js";
import { requireRelationship } from "../gates.js";
import type { JourneyContext } from "../journey-context.js";
import { bookingCommand, toBooked } from "./booking-command.js";
import type { BookingOutcome } from "./booking-outcome.js";

/**
 * What the store knows of a booking, without any upstream call. A key belongs to the caller's organisation: another
 * organisation's handle is unknown here.
 *
 * @returns undefined for a handle under which nothing was sent, or of which nothing is kept any more.
 * @throws UpstreamError `NOT_BOOKED` when the booking was sent and nothing was booked; the stored error when the
 *   practice refused it for good; ForbiddenError for a patient whom the caller may not query.
 */
export async function findBookingOutcome(
  handle: string,
  context: JourneyContext,
): Promise<BookingOutcome | undefined> {
  const { commands, call } = context;
  if (handle.trim() === "" || handle.length > 200) {
    throw new BadUserInputError("handle", "The handle must not be blank, and at most 200 characters long.");
  }
  const key = commands.store.keyFor(bookingCommand.kind, call.caller.organisation.odsCode, handle);
  const stored = await commands.store.get(key);
  if (stored === undefined) return undefined;
  const booking = asBooking(stored);
  await requireRelationship(booking.intent.details.nhsNumber, context);
  const { state } = booking.intent;
  switch (state.name) {
    case "done":
      return toBooked(booking.intent, state.result);
    case "refused":
      return requireNoStoredError(state.refusal);
    case "absent":
      throw notDone(bookingCommand.kind);
    case "sending":
    case "unknown":
      return { kind: "outcome-unknown", handle, settlesAt: commands.settlesAt(booking) };
  }
}
