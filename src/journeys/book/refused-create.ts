import type { UpstreamError } from "../../platform/errors.js";
import { spendLast } from "../../platform/intents/index.js";
import type { JourneyContext } from "../journey-context.js";
import { asPracticeRefusal } from "../practice-refusals.js";
import type { ReadBack } from "../settle/own-bookings.js";
import { earlierSendOpen, recordAbsent, recordRefused, recordUnknown } from "../settle/recorded-booking.js";
import { type HeldBooking, rememberError } from "./booking-intent.js";
import type { BookingOutcome } from "./booking-outcome.js";

type SlotUnavailable = Extract<BookingOutcome, { kind: "slot-unavailable" }>;

/**
 * The create was refused for certain. That binds the key to the answer, unless the same request may succeed later.
 * While an earlier send of the key may still come in, the refusal of this one says nothing of that one.
 *
 * @throws UpstreamError for a refusal that is no outcome: nothing is booked.
 */
export async function refuse(
  held: HeldBooking,
  error: UpstreamError,
  context: JourneyContext,
): Promise<BookingOutcome> {
  const { intent } = held;
  if (earlierSendOpen(intent)) return recordUnknown({ ...held, intent: spendLast(intent) }, context);
  const neverLeft = error.httpStatus === undefined;
  if (neverLeft && intent.sends.length === 1) {
    // A key is bound by the first create sent, and none was.
    await context.commands.intents.remove(held).catch(() => false);
    throw error;
  }
  if (neverLeft || error.retryable) {
    await recordAbsent(held, context);
    throw error;
  }
  if (error.reason === "REFERENCE_NOT_FOUND") {
    await recordRefused(held, GONE, context);
    return GONE;
  }
  const refusal = asPracticeRefusal(error);
  await recordRefused(held, refusal ?? rememberError(error), context);
  if (refusal) return refusal;
  throw error;
}

/**
 * A 409, and reading back did not find this booking: the slot is somebody else's (design section 9). An earlier send
 * of the key may be on its way all the same; it can come in only if that somebody gives the slot up within the bound. So
 * the answer is given, and the intent stays under watch until then: should the appointment appear, the key answers with
 * it.
 */
export async function slotTaken(
  held: HeldBooking,
  back: ReadBack,
  context: JourneyContext,
): Promise<BookingOutcome> {
  const answer = back.kind === "another-of-ours" ? BOOKED_ALREADY : GONE;
  await recordRefused(held, answer, context);
  return answer;
}

const GONE: SlotUnavailable = {
  kind: "slot-unavailable",
  code: "SLOT_UNAVAILABLE",
  message: "The slot is no longer free. Search again.",
};

const BOOKED_ALREADY: SlotUnavailable = {
  kind: "slot-unavailable",
  code: "ALREADY_BOOKED_FOR_PATIENT",
  message:
    "Your organisation has booked this slot for this patient already, with other words. Look at the patient's appointments.",
};
