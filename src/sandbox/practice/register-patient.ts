import type { SimulatedResponse } from "../http/service.js";
import { personByNumber } from "../personas/people.js";
import type { Person } from "../personas/person.js";
import { identifierOf, isObject, type JsonObject, objectsIn, textOf } from "../shared/json.js";
import { toLondonDateTime } from "../shared/london-time.js";
import { isNhsNumber } from "../shared/nhs-number.js";
import type { SupplierProfile } from "../suppliers/supplier-profile.js";
import { readResource } from "./booking-request.js";
import { refuse } from "./outcome.js";
import { type PracticePatient, patientByNumber } from "./practice-state.js";
import { bundleResponse, type PracticeRequest } from "./request.js";
import { patientResource } from "./resources.js";
import { IDENTIFIER } from "./urls.js";

/** Elements that a registration may carry (GP Connect notes, 8.3). */
const ALLOWED = new Set([
  "resourceType",
  "meta",
  "identifier",
  "name",
  "birthDate",
  "gender",
  "address",
  "telecom",
  "extension",
]);

/** Register a patient temporarily. The response is 200 with a searchset, not 201 (GP Connect notes, 8.3). */
export function registerPatient({ state, body, nowMs }: PracticeRequest): SimulatedResponse {
  const sent = readPatientParameter(body, state.profile);
  for (const name of Object.keys(sent)) {
    if (!ALLOWED.has(name)) refuse("INVALID_RESOURCE", `${name} must not be sent`);
  }
  const { family } = officialName(sent);
  const birthDate = textOf(sent.birthDate);
  if (!birthDate || !/^\d{4}-\d{2}-\d{2}$/.test(birthDate)) refuse("INVALID_RESOURCE", "birthDate is needed");
  const person = tracedPerson(identifierOf(sent, IDENTIFIER.nhsNumber));
  if (person.birthDate !== birthDate)
    refuse("INVALID_PATIENT_DEMOGRAPHICS", "The birth date is not that on PDS");
  if (person.family.toLowerCase() !== family.toLowerCase()) {
    refuse("BAD_REQUEST", "The family name is not that on PDS");
  }
  if (patientByNumber(state, person.nhsNumber)) {
    refuse("DUPLICATE_REJECTED", "A patient with that NHS number is active already");
  }
  const temporary = (value: unknown) => objectsIn(value).filter(({ use }) => use === "temp");
  const patient: PracticePatient = {
    id: state.nextId(),
    person,
    family: person.family,
    registrationType: "T",
    registeredFrom: toLondonDateTime(nowMs),
    temporaryContacts: { address: temporary(sent.address), telecom: temporary(sent.telecom) },
  };
  state.patients.set(patient.id, patient);
  return bundleResponse([patientResource(state, patient)], state);
}

function readPatientParameter(body: string, profile: SupplierProfile): JsonObject {
  const parameters = objectsIn(readResource(body, "Parameters", profile).parameter);
  const patients = parameters.filter(({ name }) => name === "registerPatient");
  const resource = patients[0]?.resource;
  if (patients.length !== 1 || !isObject(resource) || resource.resourceType !== "Patient") {
    refuse("INVALID_RESOURCE", "Exactly one parameter registerPatient with a Patient is needed");
  }
  return resource;
}

function officialName(patient: JsonObject): { family: string } {
  const names = objectsIn(patient.name).filter(({ use }) => use === "official");
  const family = textOf(names[0]?.family);
  const given = names[0]?.given;
  if (names.length !== 1 || !family || !Array.isArray(given) || !given.some(textOf)) {
    refuse("INVALID_RESOURCE", "Exactly one official name with family and given is needed");
  }
  return { family };
}

/** The practice traces the patient on PDS itself; the trace decides (table of errors in 8.3). */
function tracedPerson(nhsNumber: string | undefined): Person {
  if (!nhsNumber || !isNhsNumber(nhsNumber))
    refuse("INVALID_NHS_NUMBER", "The NHS number is missing or wrong");
  const person = personByNumber(nhsNumber);
  if (!person || person.standing === "unknown") refuse("INVALID_PATIENT_DEMOGRAPHICS", "Not found on PDS");
  if (person.standing !== undefined) refuse("INVALID_NHS_NUMBER", "The number is not current on PDS");
  if (person.deceasedAt !== undefined || person.confidentiality !== undefined) {
    refuse("INVALID_PATIENT_DEMOGRAPHICS", "The patient cannot be registered");
  }
  return person;
}
