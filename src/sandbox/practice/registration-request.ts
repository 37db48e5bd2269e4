import { isObject, type JsonObject, objectsIn, textOf } from "../shared/json.js";
import type { SupplierProfile } from "../suppliers/supplier-profile.js";
import { readResource } from "./booking-request.js";
import { type PracticeErrorCode, refuse } from "./outcome.js";
import { EXTENSION, IDENTIFIER } from "./urls.js";

/** A registration request with valid syntax, not yet traced on PDS. */
export interface RegistrationRequest {
  readonly resource: JsonObject;
  /** As sent, possibly invalid. Undefined when no identifier was sent. */
  readonly nhsNumber: string | undefined;
  readonly family: string;
  readonly birthDate: string;
}

/** Elements that a registration may carry (GP Connect notes, 8.3). */
const ALLOWED: readonly string[] = [
  "resourceType",
  "meta",
  "identifier",
  "name",
  "birthDate",
  "gender",
  "address",
  "telecom",
  "extension",
];
const GENDERS: readonly unknown[] = ["male", "female", "other", "unknown", undefined];
const ADDRESS_USES: readonly unknown[] = ["home", "temp"];
const TELECOM_USES: readonly unknown[] = ["home", "work", "mobile", "temp"];

/** Parses and validates the body of a registration. */
export function readRegistration(body: string, profile: SupplierProfile): RegistrationRequest {
  const { registrationMinimum } = profile.errors;
  const resource = readPatientParameter(body, profile);
  for (const name of Object.keys(resource)) {
    if (!ALLOWED.includes(name)) refuse("INVALID_RESOURCE", `${name} must not be sent`);
  }
  const nhsNumber = readNhsNumber(resource, registrationMinimum);
  const family = readOfficialFamily(resource, registrationMinimum);
  const birthDate = textOf(resource.birthDate);
  if (!birthDate || !isCalendarDate(birthDate)) refuse(registrationMinimum, "birthDate is needed");
  if (!GENDERS.includes(resource.gender)) refuse("INVALID_RESOURCE", "gender is not a known code");
  checkAddresses(objectsIn(resource.address));
  checkTelecoms(objectsIn(resource.telecom), registrationMinimum);
  checkExtensions(objectsIn(resource.extension));
  return { resource, nhsNumber, family, birthDate };
}

function readPatientParameter(body: string, profile: SupplierProfile): JsonObject {
  const parameters = objectsIn(readResource(body, "Parameters", profile).parameter);
  const patients = parameters.filter(({ name }) => name === "registerPatient");
  if (patients.length > 1)
    refuse(profile.errors.registrationMinimum, "Only one parameter registerPatient is allowed");
  const resource = patients[0]?.resource;
  if (!isObject(resource) || resource.resourceType !== "Patient") {
    refuse("INVALID_RESOURCE", "A parameter registerPatient with a Patient is needed");
  }
  return resource;
}

function readNhsNumber(resource: JsonObject, minimum: PracticeErrorCode): string | undefined {
  const identifiers = objectsIn(resource.identifier);
  if (!identifiers.every(({ system }) => textOf(system))) refuse(minimum, "An identifier has no system");
  const numbers = identifiers.filter(({ system }) => system === IDENTIFIER.nhsNumber);
  if (numbers.length > 1) refuse(minimum, "Only one NHS number is allowed");
  return textOf(numbers[0]?.value);
}

function readOfficialFamily(resource: JsonObject, minimum: PracticeErrorCode): string {
  const names = objectsIn(resource.name).filter(({ use }) => use === "official");
  const family = textOf(names[0]?.family);
  const given = names[0]?.given;
  if (names.length !== 1 || !family || !Array.isArray(given) || !given.some(textOf)) {
    refuse(minimum, "Exactly one official name with family and given is needed");
  }
  return family;
}

function isCalendarDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** One home and one temporary address at most (P-G11). */
function checkAddresses(addresses: readonly JsonObject[]): void {
  const uses = addresses.map(({ use }) => use);
  if (uses.some((use) => !ADDRESS_USES.includes(use)) || new Set(uses).size < uses.length) {
    refuse("INVALID_RESOURCE", "Only one home and one temporary address are allowed");
  }
}

/** One telephone of each use and one email at most (P-G8). */
function checkTelecoms(telecoms: readonly JsonObject[], minimum: PracticeErrorCode): void {
  const kinds = telecoms.map(({ system, use }) => (system === "email" ? "email" : String(use)));
  const isKnown = telecoms.every(
    ({ system, use, value }) =>
      textOf(value) && (system === "email" || (system === "phone" && TELECOM_USES.includes(use))),
  );
  if (!isKnown) refuse("INVALID_RESOURCE", "A telecom is neither an email nor a phone of a known use");
  if (new Set(kinds).size < kinds.length) refuse(minimum, "Only one telecom of each use is allowed");
}

/** The only extension is one nhsCommunication (P-G12). */
function checkExtensions(extensions: readonly JsonObject[]): void {
  if (extensions.some(({ url }) => url !== EXTENSION.nhsCommunication))
    refuse("INVALID_RESOURCE", "An extension is not known on a registration");
  if (extensions.length > 1) refuse("INVALID_RESOURCE", "Only one nhsCommunication is allowed");
}
