import type { Answer } from "../kit/service.js";
import { readIdentifier } from "./find-patient.js";
import { refuse } from "./outcome.js";
import { bundleAnswer, type PracticeRequest, resourceAnswer } from "./request.js";
import {
  locationResource,
  organizationResource,
  practitionerResource,
  serviceResource,
} from "./resources.js";
import { IDENTIFIER } from "./urls.js";

/** Read the practice itself (GP Connect notes, 8.10). */
export function readOrganization({ book, id }: PracticeRequest): Answer {
  if (id !== book.organisationId) refuse("ORGANISATION_NOT_FOUND", "No organisation has this id here");
  return resourceAnswer(organizationResource(book));
}

/** Find the practice by its ODS code; another code finds nothing, which is no error. */
export function findOrganization({ book, query }: PracticeRequest): Answer {
  const odsCode = readIdentifier(query, IDENTIFIER.odsCode);
  return bundleAnswer(odsCode === book.practice.odsCode ? [organizationResource(book)] : [], book);
}

/** Read one surgery. */
export function readLocation({ book, id }: PracticeRequest): Answer {
  const location = book.locations.find((one) => one.id === id);
  if (!location) refuse("NO_RECORD_FOUND", "No location has this id here");
  return resourceAnswer(locationResource(book, location));
}

/** Read a service (GP Connect 1.2.8). */
export function readHealthcareService({ book, id }: PracticeRequest): Answer {
  for (const { schedule } of book.slots.values()) {
    if (schedule.service?.id === id) return resourceAnswer(serviceResource(book, schedule.service));
  }
  return refuse("NO_RECORD_FOUND", "No service has this id here");
}

/** Read a member of staff. */
export function readPractitioner({ book, id }: PracticeRequest): Answer {
  const practitioner = book.practitioners.find((one) => one.id === id);
  if (!practitioner) refuse("PRACTITIONER_NOT_FOUND", "No practitioner has this id here");
  return resourceAnswer(practitionerResource(practitioner));
}

/** Find a member of staff by SDS user id. */
export function findPractitioner({ book, query }: PracticeRequest): Answer {
  const sdsUserId = readIdentifier(query, IDENTIFIER.sdsUserId);
  const found = book.practitioners.filter((one) => one.sdsUserId === sdsUserId);
  return bundleAnswer(found.map(practitionerResource), book);
}
