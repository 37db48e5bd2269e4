import { isDeepStrictEqual } from "node:util";
import type { SimulatedResponse } from "../http/service.js";
import { isObject, type JsonObject, objectsIn, textOf } from "../shared/json.js";
import type { SupplierProfile } from "../suppliers/supplier-profile.js";
import { checkTexts, readResource } from "./booking-request.js";
import { refuse } from "./outcome.js";
import type { PracticeAppointment } from "./practice-state.js";
import { type PracticeRequest, resourceResponse } from "./request.js";
import { putResponseResource, storedChange } from "./stored-appointment.js";
import { EXTENSION } from "./urls.js";
import { isVisit } from "./visits.js";

/** Amend: only description and comment may differ from the stored appointment (GP Connect notes, 8.7). */
export function amendAppointment(request: PracticeRequest): SimulatedResponse {
  const { appointment, sent } = readChange(request);
  if (sent.status !== "booked") refuse("INVALID_RESOURCE", "status must stay booked");
  checkTexts(sent, request.state.profile);
  if (!isDeepStrictEqual(without(sent, AMENDABLE), without(appointment.resource, ignored(sent, AMENDABLE)))) {
    refuse("INVALID_RESOURCE", "Only description and comment may be amended");
  }
  return store(request, appointment, sent);
}

/** Cancel: only status and cancellation reason may change. The slots become free at once (8.8). */
export function cancelAppointment(request: PracticeRequest): SimulatedResponse {
  const { appointment, sent } = readChange(request);
  if (sent.status !== "cancelled") refuse("INVALID_RESOURCE", "status must be cancelled");
  const extensions = objectsIn(sent.extension);
  const reasons = extensions.filter(({ url }) => url === EXTENSION.cancellationReason);
  if (reasons.length !== 1) refuse("INVALID_RESOURCE", "Exactly one cancellation reason is needed");
  if (!textOf(reasons[0]?.valueString)) refuse("INVALID_PARAMETER", "The cancellation reason is empty");
  const unchanged = isDeepStrictEqual(
    withoutReason(without(sent, CANCELLABLE)),
    withoutReason(without(appointment.resource, ignored(sent, CANCELLABLE))),
  );
  if (!unchanged) refuse("INVALID_RESOURCE", "Only status and reason may change on cancelling");
  request.state.slots.release(appointment.slots);
  return store(request, appointment, sent);
}

function withoutReason(resource: JsonObject): JsonObject {
  const extension = objectsIn(resource.extension).filter(({ url }) => url !== EXTENSION.cancellationReason);
  return { ...resource, extension };
}

const AMENDABLE = ["description", "comment"];
const CANCELLABLE = ["status"];

/** Checks common to amend and cancel: the appointment exists, is booked, lies in the future and has the version in `If-Match`. */
function readChange({ state, id, headers, body, nowMs }: PracticeRequest): {
  appointment: PracticeAppointment;
  sent: JsonObject;
} {
  const { profile } = state;
  const sent = readResource(body, "Appointment", profile);
  const appointment = state.appointments.get(id);
  if (!appointment) refuse("NO_RECORD_FOUND", "No appointment has this id here");
  if (sent.id !== id) {
    const status = profile.errors.mismatchedIdStatus;
    refuse("INVALID_RESOURCE", "The id of the body is not that of the URL", status);
  }
  checkVersion(headers["if-match"], appointment, profile);
  if (isVisit(appointment)) refuse("INVALID_RESOURCE", "A home visit can be changed by the practice only");
  if (appointment.startMs <= nowMs) refuse("INVALID_RESOURCE", "The appointment lies in the past");
  const isAgain = profile.cancelTwiceAllowed && sent.status === "cancelled";
  if (appointment.resource.status !== "booked" && !isAgain)
    refuse("INVALID_RESOURCE", "The appointment is not booked any more");
  if (profile.emptyCancellationReason && objectsIn(sent.extension).some(isEmptyReason))
    refuse("BAD_REQUEST", "An extension has no value");
  return { appointment, sent };
}

function checkVersion(
  ifMatch: string | undefined,
  { resource }: PracticeAppointment,
  { ifMatchRequired }: SupplierProfile,
): void {
  if (ifMatch === undefined) {
    if (!ifMatchRequired) return;
    refuse("BAD_REQUEST", 'If-Match must be W/"version"');
  }
  // A malformed version is a conflict as well (P-M3).
  const version = /^W\/"([^"]+)"$/.exec(ifMatch)?.[1];
  if (version !== (resource.meta as { versionId?: string }).versionId) {
    refuse("FHIR_CONSTRAINT_VIOLATION", "The appointment has changed since that version");
  }
}

function isEmptyReason({ url, valueString }: JsonObject): boolean {
  return url === EXTENSION.cancellationReason && valueString === undefined;
}

/**
 * The elements that are not compared: those that may change and, since 1.2.7 must understand older consumers, service type
 * and category when they are left out (P-M6, P-X8).
 */
function ignored(sent: JsonObject, changeable: readonly string[]): string[] {
  return [...changeable, ...["serviceType", "serviceCategory"].filter((name) => sent[name] === undefined)];
}

/** All elements except the named ones. The version is not compared because `If-Match` carries it. */
function without(resource: JsonObject, names: readonly string[]): JsonObject {
  const kept = Object.keys(resource).filter((name) => !names.includes(name));
  const { versionId: _version, ...meta } = isObject(resource.meta) ? resource.meta : {};
  return { ...Object.fromEntries(kept.map((name) => [name, resource[name]])), meta };
}

function store(
  { state, headers }: PracticeRequest,
  before: PracticeAppointment,
  sent: JsonObject,
): SimulatedResponse {
  const changed = storedChange(before, sent, state.profile);
  state.appointments.set(before.id, changed);
  const response = resourceResponse(putResponseResource(changed, state.profile));
  return headers.prefer?.includes("return=minimal") ? { ...response, body: undefined } : response;
}
