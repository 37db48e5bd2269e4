import type { DirectoryEntry } from "../../domain/directory-entry.js";
import { ForbiddenError } from "../../platform/errors.js";
import type { AppointmentReference } from "../../platform/ids/appointment-id.js";
import { denyAnyPracticeCall } from "../gates.js";
import type { JourneyContext } from "../journey-context.js";
import { reachPractice } from "../reach-practice.js";
import { type AppointmentNow, readOrList } from "../read-appointment.js";
import { tracePatient } from "../trace-patient.js";
import type { ChangeOutcome } from "./change-outcome.js";

export type AppointmentToChange = AppointmentNow & {
  readonly kind: "read";
  readonly practice: DirectoryEntry;
};

/** Gates G4 to G11 for the patient of an appointment, and the appointment as the practice has it now. */
export async function readForChange(
  reference: AppointmentReference,
  context: JourneyContext,
): Promise<AppointmentToChange | ChangeOutcome> {
  const denied = await traceForChange(reference, context);
  if (denied) return denied;
  const practice = await reachPractice(reference.odsCode, reference.nhsNumber, context);
  const now = await readOrList(practice, reference, context);
  return now ? { kind: "read", practice, ...now } : { kind: "not-found" };
}

async function traceForChange(
  { nhsNumber }: AppointmentReference,
  context: JourneyContext,
): Promise<ChangeOutcome | undefined> {
  try {
    const traced = await tracePatient(nhsNumber, undefined, context);
    if (traced === undefined) return { kind: "not-found" };
    const denial = denyAnyPracticeCall(traced, context);
    return denial && { kind: "patient-not-eligible", code: denial.reason, message: denial.message };
  } catch (error) {
    if (!(error instanceof ForbiddenError)) throw error;
    return { kind: "patient-not-eligible", code: error.reason, message: error.message };
  }
}
