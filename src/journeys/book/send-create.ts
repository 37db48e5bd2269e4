import type { SendEnd } from "../../commands/command-definition.js";
import { UpstreamError } from "../../platform/errors.js";
import type { JourneyContext } from "../journey-context.js";
import type { FoundBooking, ReadyToBook } from "./booking-types.js";

/** Sends the create once. Reports what went wrong and never throws: the failure may have come after it had left. */
export async function sendCreate(
  { booking, practice, patientRecord, patient }: ReadyToBook,
  { gpConnect, call, loaders }: JourneyContext,
): Promise<SendEnd<FoundBooking>> {
  const [first] = booking.slots;
  try {
    const record = await gpConnect.createAppointment(
      practice,
      {
        patientId: patient.id,
        nhsNumber: patientRecord.nhsNumber,
        slots: booking.slots.map(({ slotId, start, end }) => ({ id: slotId, start, end })),
        locationId: first.locationId,
        practitionerId: first.practitionerId,
        healthcareServiceId: first.healthcareServiceId,
        description: booking.description,
        comment: booking.comment,
        organisationType: first.organisationType,
      },
      call,
    );
    return { kind: "confirmed", found: { record, bySend: true } };
  } catch (error) {
    // An error of another kind may have struck after the create had left.
    if (!(error instanceof UpstreamError)) return { kind: "unclear" };
    // One page of the specification has the duplicate under 422 (GP Connect notes, 14.4).
    if (error.httpStatus === 409 || error.reason === "DUPLICATE_REJECTED") return { kind: "conflict", error };
    return error.outcomeUnknown ? { kind: "unclear" } : { kind: "refused", error };
  } finally {
    loaders.clearPracticeResponses();
  }
}
