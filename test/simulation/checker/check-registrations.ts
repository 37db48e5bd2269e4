import type { AskRecord } from "../history.js";
import type { Evidence } from "./evidence.js";
import { broken, type Violation } from "./violation.js";

/** Never two registrations of one patient at one practice. */
export function checkPatients({ history }: Evidence): Violation[] {
  const seen = new Set<string>();
  return history.registrations.flatMap(({ patientId }) => {
    if (seen.has(patientId)) return broken("two for one patient", patientId);
    seen.add(patientId);
    return [];
  });
}

/** What one caller who asked to register was told. */
export function checkRegistration(ask: AskRecord, evidence: Evidence): Violation[] {
  const { told, correlationId, patientId, toldAt } = ask;
  switch (told.kind) {
    case "registered":
      return evidence.history.registrations.some((line) => line.patientId === patientId && line.at <= toldAt)
        ? []
        : broken("registered and is not", patientId, correlationId);
    case "not-registered":
      return evidence.history.registrations.some((line) => evidence.correlationOf(line) === correlationId)
        ? broken("not registered and is", `${patientId} (${told.why})`, correlationId)
        : [];
    default:
      return [];
  }
}
