import { runCommand } from "../../commands/command-engine.js";
import { UpstreamError } from "../../platform/errors.js";
import { compareDemographics } from "../compare-demographics.js";
import type { JourneyContext } from "../journey-context.js";
import { orRefusal } from "../practice-refusals.js";
import { reachPractice } from "../reach-practice.js";
import { findOrRegister } from "../register/find-or-register.js";
import { traceForCommand } from "../trace-for-command.js";
import { bookingCommand } from "./booking-command.js";
import type { BookingOutcome } from "./booking-outcome.js";
import {
  type BookingRequest,
  checkSlots,
  type ValidatedBooking,
  validateBooking,
} from "./booking-request.js";
import type { ReadyToBook } from "./booking-types.js";

/**
 * Books one slot, or several adjacent ones, for a patient (design sections 1 and 9).
 *
 * @throws BadUserInputError for malformed input, before any call; UpstreamError for faults after which nothing
 *   is booked. Everything else is an outcome.
 */
export async function bookAppointment(
  request: BookingRequest,
  context: JourneyContext,
): Promise<BookingOutcome> {
  // Validate the request: nothing has been sent yet.
  const booking = await validateBooking(request, context);
  const { nhsNumber, description, comment } = booking;

  // 6. Book: claim, create, reconcile.
  return runCommand(
    bookingCommand,
    {
      idempotencyKey: request.idempotencyKey,
      content: [nhsNumber, request.slotIds, description, comment ?? null],
      prepare: () => prepare(booking, request, context),
    },
    context,
  );
}

function registrationUnknown(): UpstreamError {
  return new UpstreamError(
    "It is not known yet whether the patient was registered at the practice. Nothing was booked. Try again later.",
    {
      service: "PROVIDER",
      code: "UPSTREAM_UNAVAILABLE",
      reason: "REGISTRATION_OUTCOME_UNKNOWN",
      retryable: true,
    },
  );
}

/** Steps 1 to 5. What ends the booking here binds no key: nothing has been sent. */
async function prepare(
  booking: ValidatedBooking,
  request: BookingRequest,
  context: JourneyContext,
): Promise<ReadyToBook | BookingOutcome> {
  const impossible = checkSlots(booking, context);
  if (impossible) return impossible;

  return orRefusal(async (): Promise<ReadyToBook | BookingOutcome> => {
    // 1. PDS verifies the number.
    const traced = await traceForCommand(booking.nhsNumber, request.verify, context);
    if ("kind" in traced) return traced;

    // 2. SDS gives the practice's ASID and its FHIR service root URL. (3 and 4, capabilities and slots, were
    //    the caller's queries: the slot ids hold what the booking needs of them.)
    const practice = await reachPractice(booking.odsCode, traced.nhsNumber, context);

    // 5. Find the patient at the practice; if absent, register temporarily.
    const present = await findOrRegister(practice, traced, request, context);
    // Nothing of the booking has been sent: it can be requested again once the registration is reconciled.
    if (present.kind === "outcome-unknown") throw registrationUnknown();
    if (present.kind !== "at-practice") return present;
    const { patient } = present;
    const differences = compareDemographics(traced, patient, request, context);
    if (differences.length > 0) return { kind: "demographics-mismatch", differences };
    const registration = present.registered ? patient : undefined;
    return { kind: "ready", booking, practice, patientRecord: traced, patient, registration };
  });
}
