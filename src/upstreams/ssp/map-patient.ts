import type { NhsNumber } from "../../domain/nhs-number.js";
import type { PracticePatient } from "../../domain/patient.js";
import { refuseReportedErrors } from "./bundle-warnings.js";
import { toName, toPeriod } from "./map-people.js";
import { expectResource, expectText, UnusableResponse } from "./unusable-response.js";
import {
  BundleIndex,
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
 * @throws UnusableResponse when a patient does not have the requested number, or the practice reports an error.
 */
export function toPracticePatients(body: unknown, nhsNumber: NhsNumber): PracticePatient[] {
  const bundle = new BundleIndex(expectResource(body, "Bundle"));
  refuseReportedErrors(bundle);
  return bundle.all("Patient").map((resource) => toPracticePatient(resource, nhsNumber));
}

function toPracticePatient(resource: Json, nhsNumber: NhsNumber): PracticePatient {
  const numbers = identifierValues(resource, ID.nhsNumber).map((value) => value.replace(/\s/g, ""));
  // A missing number is as bad as a wrong one: the record may be another patient's.
  if (numbers.length === 0 || numbers.some((number) => number !== nhsNumber)) {
    throw new UnusableResponse("OTHER_PATIENT");
  }
  const registration = registrationDetails(resource);
  return {
    id: expectText(resource.id),
    nhsNumber,
    name: toName(resource),
    gender: text(resource.gender),
    birthDate: text(resource.birthDate),
    registrationType: registrationType(registration),
    registrationPeriod: toPeriod(extensionValue(registration, "registrationPeriod", "valuePeriod")),
    preferredBranchLocationId: referencedId(
      extensionValue(registration, "preferredBranchSurgery", "valueReference"),
      "Location",
    ),
  };
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
