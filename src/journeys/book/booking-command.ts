import type { CommandDefinition } from "../../commands/command-definition.js";
import { countOpenSends, expireLastSend, expireSends } from "../../commands/command-intent.js";
import type { CommandOrigin } from "../../commands/command-origin.js";
import type { BookingIntent, BookingResult, SlotUnavailable } from "../booking-intent.js";
import { toPlacedAppointment } from "../placed-appointment.js";
import { asPracticeRefusal } from "../practice-refusals.js";
import type { BookingOutcome } from "./booking-outcome.js";
import type { BookingTypes } from "./booking-types.js";
import { lookForDouble, lookUpBooking } from "./look-up-booking.js";
import { readBack } from "./read-back.js";
import { replayBooking } from "./replay-booking.js";
import { sendCreate } from "./send-create.js";

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

  send: (ready, _claimed, context) => sendCreate(ready, context),

  async readBack({ practice, patient, patientRecord }, claimed, { end }, context) {
    const { nhsNumber } = patientRecord;
    const back = await readBack({ practice, patientId: patient.id, nhsNumber }, claimed, context);
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

  toResult({ record }, recovered, { intent }, context) {
    const { odsCode } = intent.details;
    return {
      created: { odsCode, appointmentId: record.id },
      appointment: toPlacedAppointment(intent.details, record, context),
      recovered,
    };
  },

  expireFound(intent, { bySend }, endedByConflict) {
    // One send made it, the last one too, whatever its response was: it may have arrived twice. If the appointment is
    // cancelled soon, another open send could still take effect.
    if (bySend && countOpenSends(intent) === 1) return expireSends(intent);
    return endedByConflict ? expireLastSend(intent) : intent;
  },

  expireRefused: (intent) => intent,

  toOutcome: ({ intent }, { result }) => toBooked(intent, result),

  toRefusal: (error) => (error.reason === "REFERENCE_NOT_FOUND" ? GONE : asPracticeRefusal(error)),

  async replayDone({ intent }, result, context) {
    const latest = await replayBooking(result, context);
    return latest ? toBooked(intent, latest) : toUnknown(intent.details);
  },

  replayRefused: async (_claimed, refusal) => refusal,

  toUnknown,

  auditSubject: ({ nhsNumber, odsCode }) => ({ nhsNumber, odsCode }),
};

function toBooked({ details }: BookingIntent, { appointment, recovered }: BookingResult): BookingOutcome {
  return { kind: "booked", appointment, recovered, registration: details.registration };
}

function toUnknown({ handle }: Pick<CommandOrigin, "handle">): BookingOutcome {
  return { kind: "outcome-unknown", handle };
}
