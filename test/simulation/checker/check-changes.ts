import type { AppointmentEvent, CallerRequest, Reply } from "../history.js";
import type { Evidence } from "./evidence.js";
import { type Violation, violation } from "./violation.js";

/** The reply to a cancellation or an amendment agrees with the practice. */
export function checkChange(request: CallerRequest, evidence: Evidence): Violation[] {
  const { reply, correlationId, repliedAt } = request;
  switch (reply.kind) {
    case "cancelled": {
      const at = evidence.cancellationOf(reply.appointmentId)?.at;
      return at !== undefined && at <= repliedAt
        ? []
        : violation("reported cancelled, but is not", reply.appointmentId, correlationId);
    }
    case "not-cancelled":
      return evidence
        .causedBy(request, eventsOf(request, "cancelled", evidence))
        .flatMap(({ appointmentId }) =>
          violation("reported not cancelled, but is", `${appointmentId} (${reply.why})`, correlationId),
        );
    case "amended":
      return wasAmended(request, reply, evidence)
        ? []
        : violation(
            "reported amended, but is not",
            `${reply.appointmentId} version ${reply.version}`,
            correlationId,
          );
    case "not-amended": {
      // "Changed" is about the current state: the requested change may have taken effect and been changed since.
      const isChanged = reply.why === "changed";
      if (isChanged && !hasChanged(request, reply.version, evidence)) {
        return violation(
          "reported not amended, but is",
          `reported as changed (${reply.version})`,
          correlationId,
        );
      }
      return evidence
        .causedBy(request, eventsOf(request, "amended", evidence))
        .filter(({ at }) => !isChanged || at > repliedAt)
        .flatMap(({ appointmentId }) =>
          violation("reported not amended, but is", `${appointmentId} (${reply.why})`, correlationId),
        );
    }
    default:
      return [];
  }
}

function eventsOf(
  { about }: CallerRequest,
  kind: AppointmentEvent["kind"],
  { history }: Evidence,
): AppointmentEvent[] {
  return history.appointments.filter(
    (event) => event.kind === kind && event.appointmentId === about?.appointmentId,
  );
}

/** The practice had the requested texts, and the version of the reply was the current one. */
function wasAmended(
  request: CallerRequest,
  reply: Extract<Reply, { kind: "amended" }>,
  evidence: Evidence,
): boolean {
  const hadTexts = evidence.history.appointments.some(
    (event) =>
      event.appointmentId === reply.appointmentId &&
      event.at <= request.repliedAt &&
      event.description === request.description &&
      (request.comment === undefined || event.comment === request.comment),
  );
  const isSame = reply.appointmentId === request.about?.appointmentId;
  return hadTexts && isSame && wasCurrent(request, reply.version, evidence);
}

function hasChanged(request: CallerRequest, version: string | undefined, evidence: Evidence): boolean {
  return version !== request.about?.version && wasCurrent(request, version, evidence);
}

/** Whether the appointment had that version at some time while the caller waited. */
function wasCurrent(request: CallerRequest, version: string | undefined, evidence: Evidence): boolean {
  const events = evidence.history.appointments.filter(
    ({ appointmentId }) => appointmentId === request.about?.appointmentId,
  );
  const index = events.findIndex((event) => event.version === version || event.respondedVersion === version);
  const [event, next] = [events[index], events[index + 1]];
  return (
    event !== undefined &&
    event.at <= request.repliedAt &&
    (next === undefined || next.at >= evidence.since(request))
  );
}
