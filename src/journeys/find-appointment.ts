import { denyAnyPracticeCall, throwIfDenied } from "./gates.js";
import type { JourneyContext } from "./journey-context.js";
import { type PlacedAppointment, toPlacedAppointment } from "./placed-appointment.js";
import { reachPractice } from "./reach-practice.js";
import { readOrList, requireAppointmentId } from "./read-appointment.js";
import { tracePatient } from "./trace-patient.js";

/**
 * One appointment by the id that we gave it, as the practice has it now.
 *
 * @returns undefined when the patient or the appointment is not known any more.
 */
export async function findAppointment(
  id: string,
  field: string,
  context: JourneyContext,
): Promise<PlacedAppointment | undefined> {
  const reference = await requireAppointmentId(id, field, context);
  const { odsCode, nhsNumber } = reference;
  const traced = await tracePatient(nhsNumber, undefined, context);
  if (traced === undefined) return undefined;
  throwIfDenied(denyAnyPracticeCall(traced, context));
  const practice = await reachPractice(odsCode, nhsNumber, context);
  const now = await readOrList(practice, reference, context);
  return now && toPlacedAppointment(reference, now.appointment, context);
}
