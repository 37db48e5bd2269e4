/** The `requested_scope` of a token, by interaction (GP Connect notes, section 7). */
export type RequestedScope = "organization/*.read" | "patient/*.read" | "patient/*.write";

export interface Interaction {
  /** Full URN: `Ssp-InteractionID`, and the name in call log and audit. */
  readonly urn: string;
  readonly scope: RequestedScope;
}

function interaction(suffix: string, scope: RequestedScope): Interaction {
  return { urn: `urn:nhs:names:services:gpconnect:fhir:${suffix}`, scope };
}

/**
 * The interactions in use (GP Connect notes, section 7). A slot search is about an organisation and holds no patient
 * data. Amend and cancel have the same method and URL; only the interaction distinguishes them.
 */
export const INTERACTIONS = {
  capabilities: interaction("rest:read:metadata-1", "organization/*.read"),
  findPatient: interaction("rest:search:patient-1", "patient/*.read"),
  registerPatient: interaction("operation:gpc.registerpatient-1", "patient/*.write"),
  searchFreeSlots: interaction("rest:search:slot-1", "organization/*.read"),
  createAppointment: interaction("rest:create:appointment-1", "patient/*.write"),
  readAppointment: interaction("rest:read:appointment-1", "patient/*.read"),
  amendAppointment: interaction("rest:update:appointment-1", "patient/*.write"),
  cancelAppointment: interaction("rest:cancel:appointment-1", "patient/*.write"),
  // An underscore, unlike every other.
  fetchAppointments: interaction("rest:search:patient_appointments-1", "patient/*.read"),
  findOrganisation: interaction("rest:search:organization-1", "organization/*.read"),
  readLocation: interaction("rest:read:location-1", "organization/*.read"),
  readPractitioner: interaction("rest:read:practitioner-1", "organization/*.read"),
  // Since 1.2.8.
  readHealthcareService: interaction("rest:read:healthcareservice-1", "organization/*.read"),
} as const;
