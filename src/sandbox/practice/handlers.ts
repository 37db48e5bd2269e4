import { bookAppointment } from "./book-appointment.js";
import { capabilityStatement } from "./capability-statement.js";
import { amendAppointment, cancelAppointment } from "./change-appointment.js";
import { findPatient, readPatient } from "./find-patient.js";
import { patientAppointments, readAppointment } from "./read-appointments.js";
import {
  findHealthcareServices,
  findOrganization,
  findPractitioner,
  readHealthcareService,
  readLocation,
  readOrganization,
  readPractitioner,
} from "./read-practice.js";
import { registerPatient } from "./register-patient.js";
import type { PracticeHandler } from "./request.js";
import { searchSlots } from "./search-slots.js";

/** The handler of each interaction. */
export const HANDLERS: Readonly<Record<string, PracticeHandler>> = {
  "rest:read:metadata-1": capabilityStatement,
  "rest:search:patient-1": findPatient,
  "rest:read:patient-1": readPatient,
  "operation:gpc.registerpatient-1": registerPatient,
  "rest:search:slot-1": searchSlots,
  "rest:create:appointment-1": bookAppointment,
  "rest:read:appointment-1": readAppointment,
  // Verb and URL are the same: only the interaction distinguishes amend and cancel (GP Connect notes, section 7).
  "rest:update:appointment-1": amendAppointment,
  "rest:cancel:appointment-1": cancelAppointment,
  "rest:search:patient_appointments-1": patientAppointments,
  "rest:read:organization-1": readOrganization,
  "rest:search:organization-1": findOrganization,
  "rest:read:location-1": readLocation,
  "rest:read:healthcareservice-1": readHealthcareService,
  "rest:search:healthcareservice-1": findHealthcareServices,
  "rest:read:practitioner-1": readPractitioner,
  "rest:search:practitioner-1": findPractitioner,
};
