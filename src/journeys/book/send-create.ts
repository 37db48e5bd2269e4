import type { SendEnd } from "../../commands/command-definition.js";
import type { PracticeAppointment } from "../../domain/appointment.js";
import { UpstreamError } from "../../platform/errors.js";
import { compareWrite } from "../compare-write.js";
import { toFailedEnd } from "../failed-send.js";
import type { JourneyContext } from "../journey-context.js";
import type { FoundBooking, ReadyToBook } from "./booking-types.js";

/** Sends the create once. Reports what went wrong and never throws: the failure may have come after it had left. */
export async function sendCreate(
  ready: ReadyToBook,
  { gpConnect, call, loaders }: JourneyContext,
): Promise<SendEnd<FoundBooking>> {
  const { booking, practice, patientRecord, patient } = ready;
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
    return toSendEnd(ready, record);
  } catch (error) {
    return toBookingEnd(error);
  } finally {
    loaders.clearPracticeResponses();
  }
}

/** A 2xx is believed only when it says what was requested. */
function toSendEnd({ booking, patient }: ReadyToBook, record: PracticeAppointment): SendEnd<FoundBooking> {
  const { slots } = booking;
  const requested = {
    status: "booked",
    start: slots[0].start,
    end: (slots.at(-1) ?? slots[0]).end,
    slotIds: slots.map(({ slotId }) => slotId),
    patientId: patient.id,
  } as const;
  switch (compareWrite(requested, record)) {
    case "same":
      return { kind: "confirmed", found: { record, bySend: true } };
    case "not-done":
      return { kind: "not-done" };
    case "incomplete":
      return { kind: "unclear" };
    case "mismatch":
      return { kind: "mismatch" };
  }
}

function toBookingEnd(error: unknown): SendEnd<FoundBooking> {
  if (!(error instanceof UpstreamError)) return toFailedEnd(error);
  // One page of the specification has the duplicate under 422 (GP Connect notes, 14.4).
  if (error.httpStatus === 409 || error.reason === "DUPLICATE_REJECTED") return { kind: "conflict", error };
  return error.reason === "WRONG_PATIENT" ? { kind: "mismatch" } : toFailedEnd(error);
}
