import { toLondonDate } from "../domain/london-time.js";
import { type NhsNumber, parseNhsNumber } from "../domain/nhs-number.js";
import type { OdsCode } from "../domain/ods-code.js";
import type { PatientRecord } from "../domain/patient.js";
import { type ClosedGate, livenessGate, registrationGate, sensitivityGate } from "../domain/patient-gates.js";
import { detailsAgree, type KnownDetails } from "../domain/verified-details.js";
import { BadUserInputError, ForbiddenError } from "../platform/errors.js";
import type { JourneyContext, RelationshipGuard } from "./journey-context.js";

/**
 * The gates before any call to a practice (assurance notes, section 2.1), checked in their order. A closed
 * gate is one clear outcome and one audit record, and no call leaves.
 */

/** A patient whose record PDS gave us, with the details that the caller vouches for, if any. */
export interface TracedPatient {
  readonly record: PatientRecord;
  readonly known?: KnownDetails | undefined;
}

/** What the caller is told when a gate is closed. The true reason stays in the audit. */
export interface Denial {
  readonly reason: string;
  readonly message: string;
}

const MESSAGES: Record<string, string> = {
  NHS_NUMBER_INVALID: "This NHS number has been withdrawn and must not be used. A valid number is needed.",
  NOT_VERIFIED: "The NHS number does not belong to the details given.",
  TRACE_TOO_OLD: "The patient's details are too old to be relied on. Try again.",
  DECEASED: "The patient is recorded as having died.",
  ACCESS_NOT_AVAILABLE: "Access is not available for this patient at the moment.",
};

/**
 * G2: a caller whose token names patients may query these patients only, and every caller those that the deployment's
 * own check allows.
 *
 * @throws ForbiddenError `NO_RELATIONSHIP`, also when the check fails.
 */
export async function requireRelationship(nhsNumber: NhsNumber, context: JourneyContext): Promise<void> {
  const { patients } = context.call.caller;
  const isNamed = patients === undefined || patients.includes(nhsNumber);
  const outcome = isNamed ? await checkRelationship(nhsNumber, context) : "refused";
  if (outcome === "allowed") return;
  const auditReason = outcome === "failed" ? "RELATIONSHIP_CHECK_FAILED" : "NO_RELATIONSHIP";
  recordDenial(context, { gate: "G2", auditReason, nhsNumber });
  throw new ForbiddenError("NO_RELATIONSHIP", "You may not query this patient.");
}

type RelationshipOutcome = ReturnType<RelationshipGuard>;

/** The outcomes of a request by patient, so that each patient is checked once. */
const checked = new WeakMap<JourneyContext["call"], Map<NhsNumber, RelationshipOutcome>>();

async function checkRelationship(
  nhsNumber: NhsNumber,
  { call, relationshipGuard: guard }: JourneyContext,
): RelationshipOutcome {
  if (guard === undefined) return "allowed";
  const { caller, correlationId, signal } = call;
  const outcomes = checked.get(call) ?? new Map<NhsNumber, RelationshipOutcome>();
  checked.set(call, outcomes);
  const outcome = outcomes.get(nhsNumber) ?? guard({ caller, nhsNumber, correlationId, signal });
  outcomes.set(nhsNumber, outcome);
  return outcome;
}

/** G2 for a search, which may find anybody. */
export function requireSearchPermission(context: JourneyContext): void {
  if (context.call.caller.patients === undefined) return;
  recordDenial(context, { gate: "G2", auditReason: "NO_PERMISSION" });
  throw new ForbiddenError("NO_PERMISSION", "You may not search for patients.");
}

/** G2 and G3: the form of the number, and whether the caller may query it, before any call. */
export async function requireNhsNumber(
  text: string,
  field: string,
  context: JourneyContext,
): Promise<NhsNumber> {
  const nhsNumber = parseNhsNumber(text, context.nhsNumberRules);
  if (nhsNumber) {
    await requireRelationship(nhsNumber, context);
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
export function recordUnknownPatient(nhsNumber: NhsNumber, context: JourneyContext): void {
  recordDenial(context, { gate: "G4", auditReason: "NOT_ON_PDS", nhsNumber });
}

/** G9 and G10: whether the patient's registered practice may be named. @returns the denial, audited; undefined when it may. */
export function denyPracticeName({ record }: TracedPatient, context: JourneyContext): Denial | undefined {
  const gate = sensitivityGate(record) ?? registrationGate(record, toLondonDate(context.clock.now()));
  return gate && denyByGate(gate, record, context);
}

/** G6 for a command that requires details, where none were given. */
export function denyUnverified({ record }: TracedPatient, context: JourneyContext): Denial {
  recordDenial(context, { gate: "G6", auditReason: "NOT_VERIFIED no details", nhsNumber: record.nhsNumber });
  return {
    reason: "NOT_VERIFIED",
    message: "The patient's date of birth or name must be given with the number.",
  };
}

/** G6 to G9: whether any practice may be called for this patient. @returns the denial, audited; undefined when one may. */
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

/** G6 to G10: whether the registered practice may be called, or another one for a patient who must have one. */
export function denyPracticeCall(patient: TracedPatient, context: JourneyContext): Denial | undefined {
  return denyAnyPracticeCall(patient, context) ?? denyPracticeName(patient, context);
}

/** For fields without a union. @throws ForbiddenError when there is a denial. */
export function throwIfDenied(denial: Denial | undefined): void {
  if (denial) throw new ForbiddenError(denial.reason, denial.message);
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
  /** `REFUSED` when the practice's response closed the gate, otherwise `BLOCKED`. */
  readonly outcome?: "BLOCKED" | "REFUSED";
}

/** Audits that a gate was closed and nothing was sent. */
export function recordDenial(
  context: JourneyContext,
  { gate, auditReason, nhsNumber, odsCode, outcome = "BLOCKED" }: DenialRecord,
): void {
  context.call.audit.record({ operation: "gate", outcome, gate, reason: auditReason, nhsNumber, odsCode });
}
