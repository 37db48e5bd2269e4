import type { AppointmentList, PracticeAppointment } from "../../domain/appointment.js";
import { unusableEntriesWarnings } from "../../domain/unusable-entries.js";
import { readSearchset } from "./bundle.js";
import { mayLackEntries, toBundleWarnings } from "./bundle-warnings.js";
import { toAppointment } from "./map-appointment.js";
import { UnusableResponse } from "./unusable-response.js";
import type { Json } from "./wire.js";

/**
 * A patient's appointments (GP Connect notes, section 8.9). An appointment that cannot be used, such as one without a
 * status or an end, is left out with a warning.
 *
 * @param patientId logical id at the practice.
 * @throws UnusableResponse when an appointment is about another patient or about none, the practice reports an error, the
 *   response is only part of the result, or none of its entries can be used: an empty list would say that there are none.
 */
export function toAppointmentList(body: unknown, patientId: string): AppointmentList {
  const bundle = readSearchset(body, "Appointment");
  const practiceWarnings = toBundleWarnings(bundle);
  const read = bundle.all("Appointment").map((resource) => toAppointmentIfUsable(resource, patientId));
  const appointments = read.filter((appointment) => appointment !== undefined);
  const unusable = bundle.emptyEntries + read.length - appointments.length;
  if (unusable > 0 && appointments.length === 0) throw new UnusableResponse("INCOMPLETE_RESOURCE");
  return {
    appointments,
    warnings: [...practiceWarnings, ...unusableEntriesWarnings(unusable)],
    isComplete: unusable === 0 && !mayLackEntries(practiceWarnings),
  };
}

function toAppointmentIfUsable(resource: Json, patientId: string): PracticeAppointment | undefined {
  try {
    return toAppointment(resource, { patientId });
  } catch (error) {
    if (error instanceof UnusableResponse && error.reason === "INCOMPLETE_RESOURCE") return undefined;
    throw error;
  }
}
