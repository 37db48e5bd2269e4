import type { CommandDefinition } from "../../commands/command-definition.js";
import type { BookingIntent, BookingResult, SlotUnavailable } from "../booking-intent.js";
import { warningsOnTexts } from "../description-and-comment.js";
import { prepareResend } from "../failed-send.js";
import { recordDenial } from "../gates.js";
import { toPlacedAppointment } from "../placed-appointment.js";
import { asPracticeRefusal } from "../practice-refusals.js";
import type { BookingOutcome } from "./booking-outcome.js";
import type { BookingTypes } from "./booking-types.js";
import { lookForDouble, lookUpBooking } from "./look-up-booking.js";
import { readBack } from "./read-back.js";
import { replayBooking } from "./replay-booking.js";
import { sendCreate } from "./send-create.js";
import { findSlotChanged } from "./slot-changed.js";

const GONE: SlotUnavailable = {
  kind: "slot-unavailable",
  code: "SLOT_UNAVAILABLE",
  message: "The slot is no longer free. Search again.",
};

const BOOKED_ALREADY: SlotUnavailable = {
  kind: "slot-unavailable",
  code: "ALREADY_BOOKED_FOR_PATIENT",
  message:
    "Your organisation has booked this slot for this patient already, with another description or comment. Look at the patient's appointments.",
};

const BEING_BOOKED: SlotUnavailable = {
  kind: "slot-unavailable",
  code: "SLOT_BEING_BOOKED",
  message: "Another booking of this slot is under way. Try again in a moment, or choose another slot.",
  retryable: true,
};

/** Booking, as the command engine runs and reconciles it (design section 9). */
export const bookingCommand: CommandDefinition<BookingTypes> = {
  kind: "book",
  reconciledAs: "BOOKED",

  toDetails({ booking, patientRecord, registration }, origin, previous) {
    const { odsCode, slots, description, comment } = booking;
    return {
      ...origin,
      nhsNumber: patientRecord.nhsNumber,
      odsCode,
      slots,
      description,
      comment,
      registration: registration ?? previous?.registration,
    };
  },

  toResources: ({ odsCode, slots }) => slots.map(({ slotId }) => `slot ${odsCode} ${slotId}`),

  prepareResend,

  send: (ready, _claimed, context) => sendCreate(ready, context),

  async readBack({ practice, patient, patientRecord }, claimed, end, context) {
    const { nhsNumber } = patientRecord;
    const back = await readBack({ practice, patientId: patient.id, nhsNumber }, claimed, context);
    if (back.kind === "other-times") return { kind: "mismatch" };
    // The practice says that it did not book: a cancelled appointment of ours is no booking then.
    if (end === "not-done" && back.kind === "ours" && back.record.status !== "booked")
      return { kind: "absent" };
    if (back.kind === "ours") return { kind: "present", found: back };
    if (end !== "conflict") return { kind: "absent" };
    // A 409, and this booking is not there: the slot is somebody else's.
    const refusal = back.kind === "another-of-ours" ? BOOKED_ALREADY : GONE;
    return { kind: "excluded", refusal, outcome: refusal };
  },

  lookUp: lookUpBooking,

  async findDouble(claimed, result, context) {
    const double = await lookForDouble(claimed, result.created.appointmentId, context);
    if (double === "none" || double === "unreadable") return { kind: double };
    return {
      kind: "double",
      result: { ...result, created: { ...result.created, appointmentId: double.id } },
    };
  },

  toResult({ record }, recovered, { intent: { details } }, context) {
    return {
      created: { odsCode: details.odsCode, appointmentId: record.id },
      appointment: toPlacedAppointment(details, record, context),
      recovered,
      warnings: warningsOnTexts({ description: details.description, comment: details.comment ?? "" }, record),
    };
  },

  // Another intent of ours may have made it; then what this one sent may still take effect.
  isSendSpentBy: ({ bySend }) => bySend,

  toOutcome: ({ intent }, result) => toBooked(intent, result),

  async toRefusal(error, ready, context) {
    const refusal = asPracticeRefusal(error);
    if (refusal) return refusal;
    const changed = await findSlotChanged(error, ready, context);
    return changed ?? (error.reason === "REFERENCE_NOT_FOUND" ? GONE : undefined);
  },

  toResourceConflict({ booking: { odsCode, nhsNumber } }, context) {
    recordDenial(context, { gate: "G14", auditReason: BEING_BOOKED.code, nhsNumber, odsCode });
    return BEING_BOOKED;
  },

  async replayDone(claimed, result, context) {
    const { intent } = claimed;
    const latest = await replayBooking(result, context);
    if (latest) return toBooked(intent, latest);
    const settlesAt = context.commands.settlesAt(claimed);
    return { kind: "outcome-unknown", handle: intent.details.handle, settlesAt };
  },

  replayRefused: async (_claimed, refusal) => refusal,

  toUnknown: (handle, settlesAt) => ({ kind: "outcome-unknown", handle, settlesAt }),

  auditSubject: ({ nhsNumber, odsCode }) => ({ nhsNumber, odsCode }),
};

/** The outcome of a booking that was made. */
export function toBooked(
  { details }: BookingIntent,
  { appointment, recovered, warnings }: BookingResult,
): BookingOutcome {
  return { kind: "booked", appointment, recovered, warnings, registration: details.registration };
}
