import type { NhsNumber } from "../../domain/nhs-number.js";
import type { PracticePatient } from "../../domain/patient.js";
import { readSearchset } from "./bundle.js";
import { refuseReportedErrors } from "./bundle-warnings.js";
import { toName, toPeriod } from "./map-people.js";
import { requirePatient } from "./right-patient.js";
import { expectText } from "./unusable-response.js";
import {
  EXTENSION,
  extensionValue,
  ID,
  identifierValues,
  isRecord,
  type Json,
  records,
  referencedId,
  text,
} from "./wire.js";

/**
 * The patients in the response to a find or a registration (GP Connect notes, sections 8.1 and 9.2). An empty bundle
 * means that the practice has no patient with that number.
 *
 * No patient is left out: a missing one could make another look like the only match.
 *
 * @param today London date.
 * @throws UnusableResponse when a patient does not have the requested number, the practice reports an error, or the
 *   response is incomplete.
 */
export function toPracticePatients(body: unknown, nhsNumber: NhsNumber, today: string): PracticePatient[] {
  const bundle = readSearchset(body, "Patient");
  refuseReportedErrors(bundle);
  return bundle.all("Patient").map((resource) => toPracticePatient(resource, nhsNumber, today));
}

function toPracticePatient(resource: Json, nhsNumber: NhsNumber, today: string): PracticePatient {
  const numbers = identifierValues(resource, ID.nhsNumber).map((value) => value.replace(/\s/g, ""));
  requirePatient(numbers, nhsNumber);
  const registration = registrationDetails(resource);
  const deceasedAt = text(resource.deceasedDateTime);
  return {
    id: expectText(resource.id),
    nhsNumber,
    name: toName(resource, today),
    gender: text(resource.gender),
    birthDate: text(resource.birthDate),
    ...(deceasedAt !== undefined && { deceasedAt }),
    ...(isMarkedDeceased(resource) && { deceased: true }),
    ...(isFalse(resource.active) && { active: false }),
    registrationType: registrationType(registration),
    registrationPeriod: toPeriod(extensionValue(registration, "registrationPeriod", "valuePeriod")),
    preferredBranchLocationId: referencedId(
      extensionValue(registration, "preferredBranchSurgery", "valueReference"),
      "Location",
    ),
  };
}

/** Whether the record says that the patient has died. Any date of death counts, even one that cannot be read. */
function isMarkedDeceased({ deceasedBoolean, deceasedDateTime }: Json): boolean {
  const hasDate = deceasedDateTime !== undefined && deceasedDateTime !== null;
  return hasDate || deceasedBoolean === true || deceasedBoolean === "true";
}

function isFalse(value: unknown): boolean {
  return value === false || value === "false";
}

function registrationDetails(resource: Json): Json {
  const isDetails = (extension: Json) => extension.url === EXTENSION.registrationDetails;
  return records(resource.extension).find(isDetails) ?? {};
}

function registrationType(registration: Json): string | undefined {
  const concept = extensionValue(registration, "registrationType", "valueCodeableConcept");
  const coding = isRecord(concept) ? records(concept.coding) : [];
  return coding.flatMap(({ code }) => text(code) ?? [])[0];
}
