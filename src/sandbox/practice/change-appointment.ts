import { isDeepStrictEqual } from "node:util";
import { type JsonObject, objectsIn, textOf } from "../shared/json.js";
import type { SimulatedResponse } from "../http/service.js";
import type { PracticeAppointment } from "./practice-state.js";
import { checkTexts, readResource } from "./booking-request.js";
import { refuse } from "./outcome.js";
import { type PracticeRequest, resourceResponse } from "./request.js";
import { EXTENSION } from "./urls.js";

/** Amend: only the two texts may differ from what is stored (GP Connect notes, 8.7). */
export function amendAppointment(request: PracticeRequest): SimulatedResponse {
  const { appointment, sent } = readChange(request);
  if (sent.status !== "booked") refuse("INVALID_RESOURCE", "status must stay booked");
  checkTexts(sent);
  if (!isDeepStrictEqual(rest(sent, AMENDABLE), rest(appointment.resource, AMENDABLE))) {
    refuse("INVALID_RESOURCE", "Only description and comment may be amended");
  }
  return store(request, appointment, sent);
}

/** Cancel: status and reason change and nothing else; the slots become free again (8.8). */
export function cancelAppointment(request: PracticeRequest): SimulatedResponse {
  const { appointment, sent } = readChange(request);
  if (sent.status !== "cancelled") refuse("INVALID_RESOURCE", "status must be cancelled");
  const extensions = objectsIn(sent.extension);
  const reasons = extensions.filter(({ url }) => url === EXTENSION.cancellationReason);
  if (reasons.length !== 1) refuse("INVALID_RESOURCE", "Exactly one cancellation reason is needed");
  if (!textOf(reasons[0]?.valueString)) refuse("INVALID_PARAMETER", "The cancellation reason is empty");
  const others = extensions.filter(({ url }) => url !== EXTENSION.cancellationReason);
  const unchanged = isDeepStrictEqual(
    rest({ ...sent, extension: others }, CANCELLABLE),
    rest(appointment.resource, CANCELLABLE),
  );
  if (!unchanged) refuse("INVALID_RESOURCE", "Only status and reason may change on cancelling");
  for (const slot of appointment.slots) slot.status = "free";
  return store(request, appointment, sent);
}

const AMENDABLE = ["description", "comment"];
const CANCELLABLE = ["status"];

/** What both kinds of change check: it exists, lies ahead, still stands, and the caller has seen its last version. */
function readChange({ state, id, headers, body, nowMs }: PracticeRequest): {
  appointment: PracticeAppointment;
  sent: JsonObject;
} {
  const sent = readResource(body, "Appointment");
  const appointment = state.appointments.get(id);
  if (!appointment) refuse("NO_RECORD_FOUND", "No appointment has this id here");
  if (sent.id !== id) refuse("INVALID_RESOURCE", "The id of the body is not that of the URL");
  const seen = /^W\/"([^"]+)"$/.exec(headers["if-match"] ?? "")?.[1];
  if (seen === undefined) refuse("BAD_REQUEST", 'If-Match must be W/"version"');
  if (seen !== String(appointment.version)) {
    refuse("FHIR_CONSTRAINT_VIOLATION", "The appointment has changed since that version");
  }
  if (appointment.startMs <= nowMs) refuse("INVALID_RESOURCE", "The appointment lies in the past");
  if (appointment.resource.status !== "booked")
    refuse("INVALID_RESOURCE", "The appointment is not booked any more");
  return { appointment, sent };
}

/** Everything but the named elements. The version is judged by `If-Match`, so `meta` does not count. */
function rest(resource: JsonObject, left: readonly string[]): JsonObject {
  const names = Object.keys(resource).filter((name) => name !== "meta" && !left.includes(name));
  return Object.fromEntries(names.map((name) => [name, resource[name]]));
}

function store({ state, headers }: PracticeRequest, before: PracticeAppointment, sent: JsonObject): SimulatedResponse {
  const version = before.version + 1;
  const meta = { ...(before.resource.meta as JsonObject), versionId: String(version) };
  const resource = { ...sent, meta };
  state.appointments.set(before.id, { ...before, version, resource });
  const answer = resourceResponse(resource);
  return headers.prefer?.includes("return=minimal") ? { ...answer, body: undefined } : answer;
}
