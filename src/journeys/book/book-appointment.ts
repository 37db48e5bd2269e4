import { nameCommand } from "../commands/command-key.js";
import { unlessOpen } from "../commands/unless-open.js";
import { compareDemographics } from "../compare-demographics.js";
import type { JourneyContext } from "../journey-context.js";
import { orRefusal } from "../practice-refusals.js";
import { reachPractice } from "../reach-practice.js";
import { findOrRegister } from "../register/find-or-register.js";
import { traceForCommand } from "../trace-for-command.js";
import { askedBefore } from "./asked-before.js";
import { type BookingForm, type BookingRequest, checkBookingForm, checkSlots } from "./booking-form.js";
import { type HeldBooking, unknownOutcome } from "./booking-intent.js";
import type { BookingOutcome } from "./booking-outcome.js";
import { createAndSettle } from "./create-and-settle.js";
import type { ReadyToBook } from "./send-create.js";

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
  // The form of the booking: nothing has left yet.
  const form = checkBookingForm(request, context);
  const { nhsNumber, description, comment } = form;
  const content = [nhsNumber, request.slotIds, description, comment ?? null];
  const command = nameCommand("book", request.idempotencyKey, content, context);

  // A key that is bound answers for itself, whatever has changed since.
  const before = command.wasGiven ? await askedBefore(command, context) : FREE;
  if (before.kind === "answered") return before.outcome;

  const ready = await unlessOpen<BookingOutcome, ReadyToBook>(
    before.held,
    () => unknownOutcome(command),
    () => prepare(form, request, context),
  );
  if (ready.kind !== "ready") return ready;

  // 6. Book.
  return createAndSettle(ready, command, before.held, context);
}

const FREE: { readonly kind: "free"; readonly held?: HeldBooking } = { kind: "free" };

/** Steps 1 to 5. What ends the booking here binds no key: nothing has been sent. */
async function prepare(
  form: BookingForm,
  request: BookingRequest,
  context: JourneyContext,
): Promise<ReadyToBook | BookingOutcome> {
  const impossible = checkSlots(form, context);
  if (impossible) return impossible;

  return orRefusal(async (): Promise<ReadyToBook | BookingOutcome> => {
    // 1. PDS verifies the number.
    const traced = await traceForCommand(form.nhsNumber, request.verify, context);
    if ("kind" in traced) return traced;

    // 2. SDS gives the practice's ASID and its FHIR service root URL. (3 and 4, capabilities and slots, were
    //    the caller's queries: the slot ids hold what the booking needs of them.)
    const practice = await reachPractice(form.odsCode, traced.nhsNumber, context);

    // 5. Find the patient at the practice; if absent, register temporarily.
    const present = await findOrRegister(practice, traced, request, context);
    if (present.kind === "registration-unclear") throw present.error;
    if (present.kind !== "at-practice") return present;
    const { patient } = present;
    const differences = compareDemographics(traced, patient, request, context);
    if (differences.length > 0) return { kind: "demographics-mismatch", differences };
    const registration = present.registered ? patient : undefined;
    return { kind: "ready", form, practice, record: traced, patient, registration };
  });
}
