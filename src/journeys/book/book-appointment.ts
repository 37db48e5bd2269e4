import { demographicDifferences } from "../../domain/demographic-differences.js";
import { toLondonDate } from "../../domain/london-time.js";
import type { PatientRecord, PracticePatient } from "../../domain/patient.js";
import { currentName } from "../../domain/person-name.js";
import { ForbiddenError } from "../../platform/errors.js";
import { block, closedToCallingPractice } from "../gates.js";
import type { JourneyContext } from "../journey-context.js";
import { orRefusal } from "../practice-refusals.js";
import { tracePatient } from "../trace-patient.js";
import { type BookingForm, type BookingRequest, checkBookingForm } from "./booking-form.js";
import type { BookingOutcome } from "./booking-outcome.js";
import { createAndSettle } from "./create-and-settle.js";
import { findOrRegister } from "./find-or-register.js";

/**
 * Books one slot, or several adjacent ones, for a patient (design section 1).
 *
 * @throws BadUserInputError for malformed input, before any call; UpstreamError for faults after which nothing
 *   can have been booked. Everything else is an outcome.
 */
export async function bookAppointment(
  request: BookingRequest,
  context: JourneyContext,
): Promise<BookingOutcome> {
  // The form of the booking: nothing has left yet.
  const form = checkBookingForm(request, context);
  if ("kind" in form) return form;

  return orRefusal(async () => {
    // 1. PDS verifies the number.
    const traced = await traceForBooking(form, request, context);
    if ("kind" in traced) return traced;

    // 2. SDS gives the practice's ASID and its FHIR service root URL. (3 and 4, capabilities and slots, were
    //    the caller's queries: the slot ids hold what the booking needs of them.)
    const practice = await context.loaders.practiceEndpoint.load(form.odsCode);

    // 5. Find the patient at the practice; if absent, register temporarily.
    const present = await findOrRegister(practice, traced, request.registerIfAbsent, context);
    if (present.kind !== "at-practice") return present;
    const mismatch = compareDemographics(traced, present.patient, request, context);
    if (mismatch) return mismatch;

    // 6. Book.
    const current = { ...form, nhsNumber: traced.nhsNumber };
    const outcome = await createAndSettle({ practice, patient: present.patient, form: current }, context);
    return outcome.kind === "booked" && present.registered
      ? { ...outcome, registration: present.patient }
      : outcome;
  });
}

async function traceForBooking(
  form: BookingForm,
  { verify }: BookingRequest,
  context: JourneyContext,
): Promise<PatientRecord | BookingOutcome> {
  try {
    const traced = await tracePatient(form.nhsNumber, verify, context);
    if (traced === undefined) return { kind: "patient-not-found" };
    const closed = closedToCallingPractice(traced, context);
    if (closed) return { kind: "patient-not-eligible", code: closed.reason, message: closed.message };
    return traced.record;
  } catch (error) {
    if (!(error instanceof ForbiddenError)) throw error;
    return { kind: "patient-not-eligible", code: error.reason, message: error.message };
  }
}

/** Gate G13: what the practice holds must be the person that PDS holds, or a person must have said that it is. */
function compareDemographics(
  record: PatientRecord,
  theirs: PracticePatient,
  { acknowledgeDiscrepancies }: BookingRequest,
  context: JourneyContext,
): BookingOutcome | undefined {
  const name = currentName(record.names, toLondonDate(context.clock.now()));
  const differences = demographicDifferences({ ...record, name }, theirs);
  if (differences.length === 0) return undefined;
  const fields = differences.map(({ field }) => field).join(" ");
  if (acknowledgeDiscrepancies) {
    context.call.audit.record({
      operation: "acknowledge discrepancies",
      outcome: "SUCCEEDED",
      gate: "G13",
      reason: fields,
      nhsNumber: record.nhsNumber,
    });
    return undefined;
  }
  block(context, {
    gate: "G13",
    auditReason: `DEMOGRAPHICS_MISMATCH ${fields}`,
    nhsNumber: record.nhsNumber,
  });
  return { kind: "demographics-mismatch", differences };
}
