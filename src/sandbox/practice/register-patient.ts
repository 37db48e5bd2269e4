import type { SimulatedResponse } from "../http/service.js";
import type { Person } from "../personas/person.js";
import { type JsonObject, objectsIn, textOf } from "../shared/json.js";
import { toLondonDateTime } from "../shared/london-time.js";
import { isNhsNumber } from "../shared/nhs-number.js";
import { refuse } from "./outcome.js";
import { type PracticePatient, type PracticeState, patientByNumber } from "./practice-state.js";
import { readRegistration } from "./registration-request.js";
import { bundleResponse, type PracticeRequest } from "./request.js";
import { patientResource } from "./resources.js";

/** Register a patient temporarily. The response is 200 with a searchset, not 201 (GP Connect notes, 8.3). */
export function registerPatient({ state, body, nowMs, isPdsReachable }: PracticeRequest): SimulatedResponse {
  const registration = readRegistration(body, state.profile);
  if (!isPdsReachable()) refuse("INTERNAL_SERVER_ERROR", "The practice cannot reach PDS");
  const person = tracePerson(state, registration.nhsNumber);
  if (person.birthDate !== registration.birthDate)
    refuse("INVALID_PATIENT_DEMOGRAPHICS", "The birth date is not that on PDS");
  if (person.family.toLowerCase() !== registration.family.toLowerCase()) {
    refuse("BAD_REQUEST", "The family name is not that on PDS");
  }
  const known = patientByNumber(state, person.nhsNumber);
  if (known?.isActive) refuse("DUPLICATE_REJECTED", "A patient with that NHS number is active already");
  const patient: PracticePatient = {
    id: known?.id ?? state.nextId(),
    person,
    family: person.family,
    isActive: true,
    isVerified: true,
    registrationType: "T",
    registeredFrom: toLondonDateTime(nowMs),
    sent: sentContacts(registration.resource),
  };
  state.patients.set(patient.id, patient);
  return bundleResponse([patientResource(state, patient)], state);
}

/** What the practice stores of a registration. It fills what is left out from PDS. */
function sentContacts(sent: JsonObject): PracticePatient["sent"] {
  return {
    names: objectsIn(sent.name).filter(({ use }) => use !== "official"),
    address: objectsIn(sent.address),
    telecom: objectsIn(sent.telecom),
    extension: objectsIn(sent.extension),
    gender: textOf(sent.gender),
  };
}

/** The practice traces the patient on PDS itself; the trace decides (table of errors in 8.3). */
function tracePerson(state: PracticeState, nhsNumber: string | undefined): Person {
  if (!nhsNumber || !isNhsNumber(nhsNumber))
    refuse("INVALID_NHS_NUMBER", "The NHS number is missing or wrong");
  const person = state.personByNumber(nhsNumber);
  if (!person || person.standing === "unknown") refuse("INVALID_PATIENT_DEMOGRAPHICS", "Not found on PDS");
  if (person.standing !== undefined) refuse("INVALID_NHS_NUMBER", "The number is not current on PDS");
  if (person.deceasedAt !== undefined || person.confidentiality !== undefined) {
    refuse("INVALID_PATIENT_DEMOGRAPHICS", "The patient cannot be registered");
  }
  return person;
}
