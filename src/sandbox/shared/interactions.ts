/** One GP Connect interaction (GP Connect notes, section 7). */
export interface Interaction {
  /** The last part of the URN. The practice selects its handler by it. */
  readonly suffix: string;
  readonly method: "GET" | "POST" | "PUT";
  /** The FHIR path below the service root, without the query. Group 1 is the logical id. */
  readonly path: RegExp;
  readonly scope: string;
}

const GP_CONNECT = "urn:nhs:names:services:gpconnect:fhir:";
/** Any path segment: an odd id is unknown at the practice, not a malformed request (P-D2, P-O2). */
const ID = "([^/]+)";
/** An appointment id may be empty: also unknown (P-R3). */
const ID_OR_EMPTY = "([^/]*)";

function row(suffix: string, method: Interaction["method"], path: string, scope: string): Interaction {
  return { suffix, method, path: new RegExp(`^${path}$`), scope };
}

/** The interactions of Foundations and Appointment Management, which share one service root. */
export const INTERACTIONS: readonly Interaction[] = [
  row("rest:read:metadata-1", "GET", "metadata", "organization/*.read"),
  row("rest:search:patient-1", "GET", "Patient", "patient/*.read"),
  row("rest:read:patient-1", "GET", `Patient/${ID}`, "patient/*.read"),
  row("operation:gpc.registerpatient-1", "POST", "Patient/\\$gpc\\.registerpatient", "patient/*.write"),
  row("rest:search:slot-1", "GET", "Slot", "organization/*.read"),
  row("rest:create:appointment-1", "POST", "Appointment", "patient/*.write"),
  row("rest:read:appointment-1", "GET", `Appointment/${ID_OR_EMPTY}`, "patient/*.read"),
  row("rest:update:appointment-1", "PUT", `Appointment/${ID}`, "patient/*.write"),
  row("rest:cancel:appointment-1", "PUT", `Appointment/${ID}`, "patient/*.write"),
  row("rest:search:patient_appointments-1", "GET", `Patient/${ID}/Appointment`, "patient/*.read"),
  row("rest:read:organization-1", "GET", `Organization/${ID}`, "organization/*.read"),
  row("rest:search:organization-1", "GET", "Organization", "organization/*.read"),
  row("rest:read:healthcareservice-1", "GET", `HealthcareService/${ID}`, "organization/*.read"),
  row("rest:search:healthcareservice-1", "GET", "HealthcareService", "organization/*.read"),
  row("rest:read:location-1", "GET", `Location/${ID}`, "organization/*.read"),
  row("rest:read:practitioner-1", "GET", `Practitioner/${ID}`, "organization/*.read"),
  row("rest:search:practitioner-1", "GET", "Practitioner", "organization/*.read"),
];

/** The URNs of all interactions, as SDS lists them. */
export const INTERACTION_IDS: readonly string[] = INTERACTIONS.map(({ suffix }) => `${GP_CONNECT}${suffix}`);

/** The interaction with this URN, or undefined. */
export function interactionById(id: string | undefined): Interaction | undefined {
  return INTERACTIONS.find(({ suffix }) => `${GP_CONNECT}${suffix}` === id);
}
