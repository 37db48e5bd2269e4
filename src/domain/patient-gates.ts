import type { OdsCode } from "./ods-code.js";
import type { PatientRecord } from "./patient.js";
import { covers } from "./period.js";

/** A closed gate: why a call must not leave (assurance notes, section 2.1). */
export interface ClosedGate {
  readonly gate: "G7" | "G8" | "G9" | "G10";
  /** What the caller is told. G9 and G10 say the same, so that nobody learns that a patient is sensitive. */
  readonly publicReason: "TRACE_TOO_OLD" | "DECEASED" | "ACCESS_NOT_AVAILABLE";
  /** The true reason, for the restricted audit only. */
  readonly auditReason: "TRACE_TOO_OLD" | "DECEASED" | "SENSITIVE" | "NO_PRACTICE";
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** A death date, or a death notification that has not been withdrawn (`U`). */
export function isDeceased(
  record: Pick<PatientRecord, "deceasedAt" | "deceased" | "deathNotification">,
): boolean {
  const notified = record.deathNotification !== undefined && record.deathNotification !== "U";
  return record.deceasedAt !== undefined || record.deceased === true || notified;
}

/** Anything but a plain "unrestricted" counts: a value we do not know must not open the gate. */
export function isSensitive(record: PatientRecord): boolean {
  return record.confidentiality !== "U";
}

/** The practice where the patient is registered today. PDS also keeps lapsed registrations ("is or was"). */
export function currentPractice(record: PatientRecord, today: string): OdsCode | undefined {
  const practice = record.registeredPractice;
  return practice && covers(practice.period, today) ? practice.odsCode : undefined;
}

/** G9: nothing that would tell where a sensitive patient is looked after. */
export function sensitivityGate(record: PatientRecord): ClosedGate | undefined {
  return isSensitive(record)
    ? { gate: "G9", publicReason: "ACCESS_NOT_AVAILABLE", auditReason: "SENSITIVE" }
    : undefined;
}

/** G10: the registered practice must be known, to be named or used as such. */
export function registrationGate(record: PatientRecord, today: string): ClosedGate | undefined {
  return currentPractice(record, today) === undefined
    ? { gate: "G10", publicReason: "ACCESS_NOT_AVAILABLE", auditReason: "NO_PRACTICE" }
    : undefined;
}

/** Exactly 24 hours are allowed (assurance notes, CORE01). */
export function isTraceTooOld({ tracedAt }: PatientRecord, now: number): boolean {
  return now - tracedAt > DAY_MS;
}

/** G7 and G8: the trace is fresh and the patient is alive. */
export function livenessGate(record: PatientRecord, now: number): ClosedGate | undefined {
  if (isTraceTooOld(record, now)) {
    return { gate: "G7", publicReason: "TRACE_TOO_OLD", auditReason: "TRACE_TOO_OLD" };
  }
  if (isDeceased(record)) return { gate: "G8", publicReason: "DECEASED", auditReason: "DECEASED" };
  return undefined;
}
