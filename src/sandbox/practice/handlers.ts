import { bookAppointment } from "./book-appointment.js";
import { capabilityStatement } from "./capability-statement.js";
import { findPatient, readPatient } from "./find-patient.js";
import type { PracticeHandler } from "./request.js";
import { searchSlots } from "./search-slots.js";

/** Who does the work of each interaction. */
export const HANDLERS: Readonly<Record<string, PracticeHandler>> = {
  "rest:read:metadata-1": capabilityStatement,
  "rest:search:patient-1": findPatient,
  "rest:read:patient-1": readPatient,
  "rest:search:slot-1": searchSlots,
  "rest:create:appointment-1": bookAppointment,
};
