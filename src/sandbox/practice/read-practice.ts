import type { SimulatedResponse } from "../http/service.js";
import { readIdentifier } from "./find-patient.js";
import { refuse } from "./outcome.js";
import type { PracticeState } from "./practice-state.js";
import { bundleResponse, type PracticeRequest, resourceResponse } from "./request.js";
import {
  locationResource,
  organizationResource,
  practitionerResource,
  serviceResource,
} from "./resources.js";
import { IDENTIFIER } from "./urls.js";
import { visitLocation } from "./visits.js";

/** Read the practice itself (GP Connect notes, 8.10). */
export function readOrganization({ state, id }: PracticeRequest): SimulatedResponse {
  if (id !== state.organisationId) refuse("ORGANISATION_NOT_FOUND", "No organisation has this id here");
  return resourceResponse(organizationResource(state));
}

/** Find the practice by ODS code. Another code gives an empty bundle, not an error. */
export function findOrganization({ state, query }: PracticeRequest): SimulatedResponse {
  const odsCode = readIdentifier(query, IDENTIFIER.odsCode);
  return bundleResponse(odsCode === state.practice.odsCode ? [organizationResource(state)] : [], state);
}

/** Read a location. */
export function readLocation({ state, id }: PracticeRequest): SimulatedResponse {
  const visit = visitLocation(state, id);
  if (visit) return resourceResponse(visit);
  const location = state.locations.find((one) => one.id === id);
  if (!location) refuse("NO_RECORD_FOUND", "No location has this id here");
  return resourceResponse(locationResource(state, location));
}

/** Read a healthcare service (GP Connect 1.2.8). */
export function readHealthcareService({ state, id }: PracticeRequest): SimulatedResponse {
  requireServices(state);
  const service = state.services.find((one) => one.id === id);
  if (!service) refuse("NO_RECORD_FOUND", "No service has this id here");
  return resourceResponse(serviceResource(state, service));
}

/** Find healthcare services: all of the practice, or the one with a Directory of Services id (GP Connect 1.2.8). */
export function findHealthcareServices({ state, query }: PracticeRequest): SimulatedResponse {
  requireServices(state);
  const dosId = query.has("identifier") ? readIdentifier(query, IDENTIFIER.dosService) : undefined;
  const found = state.services.filter((service) => dosId === undefined || service.dosId === dosId);
  return bundleResponse(
    found.map((service) => serviceResource(state, service)),
    state,
  );
}

/** Before 1.2.8 there is no HealthcareService. */
function requireServices({ profile }: PracticeState): void {
  if (!profile.serviceFiltering) refuse("NOT_IMPLEMENTED", "HealthcareService is not supported");
}

/** Read a practitioner. */
export function readPractitioner({ state, id }: PracticeRequest): SimulatedResponse {
  const practitioner = state.practitioners.find((one) => one.id === id);
  if (!practitioner) refuse("PRACTITIONER_NOT_FOUND", "No practitioner has this id here");
  return resourceResponse(practitionerResource(practitioner));
}

/** Find a practitioner by SDS user id. */
export function findPractitioner({ state, query }: PracticeRequest): SimulatedResponse {
  const sdsUserId = readIdentifier(query, IDENTIFIER.sdsUserId);
  const found = state.practitioners.filter((one) => one.sdsUserId === sdsUserId);
  return bundleResponse(found.map(practitionerResource), state);
}
