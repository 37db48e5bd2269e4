import type { SimulatedResponse } from "../http/service.js";
import { isNhsNumber } from "../shared/nhs-number.js";
import { refuse } from "./outcome.js";
import { isShown, type PracticePatient, type PracticeState, patientByNumber } from "./practice-state.js";
import { bundleResponse, type PracticeRequest, resourceResponse } from "./request.js";
import { patientResource } from "./resources.js";
import { IDENTIFIER } from "./urls.js";

/** Find a patient: an empty bundle when not found, never an error (GP Connect notes, 8.1). */
export function findPatient({ state, query }: PracticeRequest): SimulatedResponse {
  const nhsNumber = readIdentifier(query, IDENTIFIER.nhsNumber);
  if (!isNhsNumber(nhsNumber)) {
    refuse("INVALID_NHS_NUMBER", "The NHS number fails its check");
  }
  const patient = verifiedPatient(state, nhsNumber);
  return bundleResponse(patient && isShown(patient) ? [patientResource(state, patient)] : [], state);
}

/** Since 1.2.7, *find* verifies an unverified active patient on PDS (GP Connect notes, 8.1 and section 6). */
function verifiedPatient(state: PracticeState, nhsNumber: string): PracticePatient | undefined {
  const patient = patientByNumber(state, nhsNumber);
  if (!patient?.isActive || patient.isVerified || !state.profile.verifiesOnFind) return patient;
  const verified = { ...patient, isVerified: true };
  state.patients.set(patient.id, verified);
  return verified;
}

/** Read a patient by logical id (8.2). */
export function readPatient({ state, id }: PracticeRequest): SimulatedResponse {
  const patient = state.patients.get(id);
  if (!patient || !isShown(patient)) refuse("PATIENT_NOT_FOUND", "No patient has this id here");
  return resourceResponse(patientResource(state, patient));
}

/** The value of the single `identifier` parameter, which must have the expected system. */
export function readIdentifier(query: URLSearchParams, expectedSystem: string): string {
  const [identifier, ...more] = query.getAll("identifier");
  if (identifier === undefined || more.length > 0) refuse("BAD_REQUEST", "Exactly one identifier is needed");
  const bar = identifier.indexOf("|");
  const system = identifier.slice(0, Math.max(bar, 0));
  const value = identifier.slice(bar + 1);
  if (system === "" || value === "") refuse("INVALID_PARAMETER", "identifier must be system|value");
  if (system !== expectedSystem)
    refuse("INVALID_IDENTIFIER_SYSTEM", `identifier must be of ${expectedSystem}`);
  return value;
}
