import type { PracticeAppointment } from "../../domain/appointment.js";
import type { DirectoryEntry } from "../../domain/directory-entry.js";
import type { PatientRecord, PracticePatient } from "../../domain/patient.js";
import { UpstreamError } from "../../platform/errors.js";
import type { JourneyContext } from "../journey-context.js";
import type { BookingForm } from "./booking-form.js";

/** All that step 6 needs: the gates are open, and the patient is known at the practice. */
export interface ReadyToBook {
  readonly kind: "ready";
  readonly form: BookingForm;
  readonly practice: DirectoryEntry;
  readonly record: PatientRecord;
  readonly patient: PracticePatient;
  /** The temporary registration that was made on the way, if one was. */
  readonly registration: PracticePatient | undefined;
}

/** How one create ended. */
export type SendEnd =
  | { readonly kind: "created"; readonly record: PracticeAppointment }
  /** 409: the slot is not free. It may be ours. */
  | { readonly kind: "taken" }
  | { readonly kind: "refused"; readonly error: UpstreamError }
  | { readonly kind: "unclear" };

/** Sends the create once. What went wrong is told, never thrown: it may have struck after the create had left. */
export async function sendCreate(
  { form, practice, record, patient }: ReadyToBook,
  { gpConnect, call, loaders }: JourneyContext,
): Promise<SendEnd> {
  const [first] = form.slots;
  try {
    const created = await gpConnect.createAppointment(
      practice,
      {
        patientId: patient.id,
        nhsNumber: record.nhsNumber,
        slots: form.slots.map(({ slotId, start, end }) => ({ id: slotId, start, end })),
        locationId: first.locationId,
        practitionerId: first.practitionerId,
        healthcareServiceId: first.healthcareServiceId,
        description: form.description,
        comment: form.comment,
        organisationType: first.organisationType,
      },
      call,
    );
    return { kind: "created", record: created };
  } catch (error) {
    // Anything that is not an upstream's word may have struck after the create had left.
    if (!(error instanceof UpstreamError)) return { kind: "unclear" };
    // One page of the specification has the duplicate under 422 (GP Connect notes, 14.4).
    if (error.httpStatus === 409 || error.reason === "DUPLICATE_REJECTED") return { kind: "taken" };
    return error.outcomeUnknown ? { kind: "unclear" } : { kind: "refused", error };
  } finally {
    loaders.clearPracticeResponses();
  }
}
