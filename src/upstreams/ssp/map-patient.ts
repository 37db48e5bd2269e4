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
 * The patients of a find or register answer (GP Connect notes, sections 8.1 and 9.2). No entry is an answer
 * too: nobody of that number is known there.
 *
 * @throws UnusableResponse when one of them does not bear the number asked for, or the practice reports an error.
 */
export function toPracticePatients(body: unknown, nhsNumber: NhsNumber): PracticePatient[] {
  const bundle = new BundleIndex(expectResource(body, "Bundle"));
  refuseReportedErrors(bundle);
  return bundle.all("Patient").map((resource) => toPracticePatient(resource, nhsNumber));
}

function toPracticePatient(resource: Json, nhsNumber: NhsNumber): PracticePatient {
  const numbers = identifierValues(resource, ID.nhsNumber).map((value) => value.replace(/\s/g, ""));
  // Without a number nobody can tell whose record it is: as bad as a wrong one.
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
