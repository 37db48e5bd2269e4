import { toLondonDate } from "../domain/london-time.js";
import { type NhsNumber, parseNhsNumber } from "../domain/nhs-number.js";
import type { OdsCode } from "../domain/ods-code.js";
import type { PatientRecord } from "../domain/patient.js";
import { type ClosedGate, livenessGate, registrationGate, sensitivityGate } from "../domain/patient-gates.js";
import { detailsAgree, type KnownDetails } from "../domain/verified-details.js";
import { BadUserInputError, ForbiddenError } from "../platform/errors.js";
import type { JourneyContext } from "./journey-context.js";

/**
 * The gates before any call to a practice (assurance notes, section 2.1), asked in their order. A closed gate
 * is one clear answer and one audit record, and no call leaves.
 */

/** A patient whose record PDS gave us, with the details that the caller vouches for, if any. */
export interface TracedPatient {
  readonly record: PatientRecord;
  readonly known?: KnownDetails | undefined;
}

/** What a closed gate tells the caller; the true reason stays in the audit. */
export interface Denial {
  readonly reason: string;
  readonly message: string;
}

const MESSAGES: Record<string, string> = {
  NHS_NUMBER_INVALID: "This NHS number has been withdrawn and must not be used. A valid number is needed.",
  NOT_VERIFIED: "The NHS number does not belong to the details given.",
  TRACE_TOO_OLD: "The patient's details are too old to be relied on. Ask again.",
  DECEASED: "The patient is recorded as having died.",
  ACCESS_NOT_AVAILABLE: "Access is not available for this patient at the moment.",
};

/** G2: a caller whose token names patients may ask about these and about nobody else. */
export function requireRelationship(nhsNumber: NhsNumber, context: JourneyContext): void {
  const { patients } = context.call.caller;
  if (patients === undefined || patients.includes(nhsNumber)) return;
  recordDenial(context, { gate: "G2", auditReason: "NO_RELATIONSHIP", nhsNumber });
  throw new ForbiddenError("NO_RELATIONSHIP", "You may not ask about this patient.");
}

/** G2 for a search, which may find anybody. */
export function requireLeaveToSearch(context: JourneyContext): void {
  if (context.call.caller.patients === undefined) return;
  recordDenial(context, { gate: "G2", auditReason: "NO_PERMISSION" });
  throw new ForbiddenError("NO_PERMISSION", "You may not search for patients.");
}

/** G2 and G3: the form of the number, and whether the caller may ask about it, before any call. */
export function requireNhsNumber(text: string, field: string, context: JourneyContext): NhsNumber {
  const nhsNumber = parseNhsNumber(text, context.nhsNumberRules);
  if (nhsNumber) {
    requireRelationship(nhsNumber, context);
    return nhsNumber;
  }
  // The value itself is not recorded: it may be the number of somebody, mistyped.
  recordDenial(context, { gate: "G3", auditReason: "NHS_NUMBER_MALFORMED" });
  throw new BadUserInputError(field, "The NHS number must be ten digits with a valid check digit.");
}

/** G4, second half: a number that PDS has invalidated. */
export function denyInvalidated(nhsNumber: NhsNumber, context: JourneyContext): Denial {
  recordDenial(context, { gate: "G4", auditReason: "INVALID_ON_PDS", nhsNumber });
  return toDenial("NHS_NUMBER_INVALID");
}

/** G4, first half: PDS knows no such patient. */
export function noteUnknownPatient(nhsNumber: NhsNumber, context: JourneyContext): void {
  recordDenial(context, { gate: "G4", auditReason: "NOT_ON_PDS", nhsNumber });
}

/** G9 and G10: may the patient's registered practice be named? */
export function denyPracticeName({ record }: TracedPatient, context: JourneyContext): Denial | undefined {
  const gate = sensitivityGate(record) ?? registrationGate(record, toLondonDate(context.clock.now()));
  return gate && denyByGate(gate, record, context);
}

/** G6 for a command where details are asked for and none were given. */
export function denyUnverified({ record }: TracedPatient, context: JourneyContext): Denial {
  recordDenial(context, { gate: "G6", auditReason: "NOT_VERIFIED no details", nhsNumber: record.nhsNumber });
  return {
    reason: "NOT_VERIFIED",
    message: "The patient's date of birth or name must be given with the number.",
  };
}

/** G6 to G9: may any practice be called for this patient? */
export function denyAnyPracticeCall(
  { record, known }: TracedPatient,
  context: JourneyContext,
): Denial | undefined {
  if (known !== undefined && !detailsAgree(known, record)) {
    recordDenial(context, { gate: "G6", auditReason: "NOT_VERIFIED", nhsNumber: record.nhsNumber });
    return toDenial("NOT_VERIFIED");
  }
  const gate = livenessGate(record, context.clock.now()) ?? sensitivityGate(record);
  return gate && denyByGate(gate, record, context);
}

/** G6 to G10: may the registered practice be called, or another one for a patient who must have one? */
export function denyPracticeCall(patient: TracedPatient, context: JourneyContext): Denial | undefined {
  return denyAnyPracticeCall(patient, context) ?? denyPracticeName(patient, context);
}

/** For fields that have no union to answer with. */
export function throwIfDenied(gate: Denial | undefined): void {
  if (gate) throw new ForbiddenError(gate.reason, gate.message);
}

function denyByGate(gate: ClosedGate, { nhsNumber }: PatientRecord, context: JourneyContext): Denial {
  recordDenial(context, { ...gate, nhsNumber });
  return toDenial(gate.publicReason);
}

function toDenial(reason: string): Denial {
  return { reason, message: MESSAGES[reason] ?? "The request is not permitted." };
}

export interface DenialRecord {
  readonly gate: string;
  readonly auditReason: string;
  readonly nhsNumber?: NhsNumber | undefined;
  readonly odsCode?: OdsCode | undefined;
  /** Ours, unless it was the practice's answer that closed the gate. */
  readonly outcome?: "BLOCKED" | "REFUSED";
}

/** Writes down that a gate was closed and nothing left. */
export function recordDenial(
  context: JourneyContext,
  { gate, auditReason, nhsNumber, odsCode, outcome = "BLOCKED" }: DenialRecord,
): void {
  context.call.audit.record({ operation: "gate", outcome, gate, reason: auditReason, nhsNumber, odsCode });
}
