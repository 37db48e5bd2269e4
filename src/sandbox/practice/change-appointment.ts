import { isDeepStrictEqual } from "node:util";
import type { SimulatedResponse } from "../http/service.js";
import { type JsonObject, objectsIn, textOf } from "../shared/json.js";
import { checkTexts, readResource } from "./booking-request.js";
import { refuse } from "./outcome.js";
import type { PracticeAppointment } from "./practice-state.js";
import { type PracticeRequest, resourceResponse } from "./request.js";
import { EXTENSION } from "./urls.js";

/** Amend: only description and comment may differ from the stored appointment (GP Connect notes, 8.7). */
export function amendAppointment(request: PracticeRequest): SimulatedResponse {
  const { appointment, sent } = readChange(request);
  if (sent.status !== "booked") refuse("INVALID_RESOURCE", "status must stay booked");
  checkTexts(sent);
  if (!isDeepStrictEqual(without(sent, AMENDABLE), without(appointment.resource, AMENDABLE))) {
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
  const others = extensions.filter(({ url }) => url !== EXTENSION.cancellationReason);
  const unchanged = isDeepStrictEqual(
    without({ ...sent, extension: others }, CANCELLABLE),
    without(appointment.resource, CANCELLABLE),
  );
  if (!unchanged) refuse("INVALID_RESOURCE", "Only status and reason may change on cancelling");
  for (const slot of appointment.slots) slot.status = "free";
  return store(request, appointment, sent);
}

const AMENDABLE = ["description", "comment"];
const CANCELLABLE = ["status"];

/** Checks common to amend and cancel: the appointment exists, is booked, lies in the future and has the version in `If-Match`. */
function readChange({ state, id, headers, body, nowMs }: PracticeRequest): {
  appointment: PracticeAppointment;
  sent: JsonObject;
} {
  const sent = readResource(body, "Appointment");
  const appointment = state.appointments.get(id);
  if (!appointment) refuse("NO_RECORD_FOUND", "No appointment has this id here");
  if (sent.id !== id) refuse("INVALID_RESOURCE", "The id of the body is not that of the URL");
  const version = /^W\/"([^"]+)"$/.exec(headers["if-match"] ?? "")?.[1];
  if (version === undefined) refuse("BAD_REQUEST", 'If-Match must be W/"version"');
  if (version !== String(appointment.version)) {
    refuse("FHIR_CONSTRAINT_VIOLATION", "The appointment has changed since that version");
  }
  if (appointment.startMs <= nowMs) refuse("INVALID_RESOURCE", "The appointment lies in the past");
  if (appointment.resource.status !== "booked")
    refuse("INVALID_RESOURCE", "The appointment is not booked any more");
  return { appointment, sent };
}

/** All elements except the named ones. `meta` is not compared because `If-Match` carries the version. */
function without(resource: JsonObject, names: readonly string[]): JsonObject {
  const kept = Object.keys(resource).filter((name) => name !== "meta" && !names.includes(name));
  return Object.fromEntries(kept.map((name) => [name, resource[name]]));
}

function store(
  { state, headers }: PracticeRequest,
  before: PracticeAppointment,
  sent: JsonObject,
): SimulatedResponse {
  const version = before.version + 1;
  const meta = { ...(before.resource.meta as JsonObject), versionId: String(version) };
  const resource = { ...sent, meta };
  state.appointments.set(before.id, { ...before, version, resource });
  const response = resourceResponse(resource);
  return headers.prefer?.includes("return=minimal") ? { ...response, body: undefined } : response;
}
