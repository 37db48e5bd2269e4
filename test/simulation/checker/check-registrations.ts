import type { CallerRequest } from "../history.js";
import type { Evidence } from "./evidence.js";
import { type Violation, violation } from "./violation.js";

/** A patient is registered at most once at a practice. */
export function checkPatients({ history }: Evidence): Violation[] {
  const seen = new Set<string>();
  return history.registrations.flatMap(({ patientId }) => {
    if (seen.has(patientId)) return violation("two registrations of one patient", patientId);
    seen.add(patientId);
    return [];
  });
}

/** The reply to a registration agrees with the practice. */
export function checkRegistration(request: CallerRequest, evidence: Evidence): Violation[] {
  const { reply, correlationId, patientId, repliedAt } = request;
  const { registrations } = evidence.history;
  switch (reply.kind) {
    case "registered":
      return registrations.some((event) => event.patientId === patientId && event.at <= repliedAt)
        ? []
        : violation("reported registered, but is not", patientId, correlationId);
    case "not-registered":
      return registrations.some((event) => evidence.correlationOf(event) === correlationId)
        ? violation("reported not registered, but is", `${patientId} (${reply.why})`, correlationId)
        : [];
    default:
      return [];
  }
}
