import type { PatientRecord } from "../../src/domain/patient.js";
import { amendAppointment } from "../../src/journeys/amend/amend-appointment.js";
import { cancelAppointment } from "../../src/journeys/cancel/cancel-appointment.js";
import { findAppointment } from "../../src/journeys/find-appointment.js";
import { registerPatient } from "../../src/journeys/register/register-patient.js";
import { BadUserInputError, ForbiddenError, UpstreamError } from "../../src/platform/errors.js";
import type { PdsReadResult } from "../../src/upstreams/pds/index.js";
import { CommandHarness, type HarnessOptions, PATIENT, PRACTICE, patient } from "./command-harness.js";

export const HOUR_MS = 3_600_000;

export type Operation = "book" | "register" | "cancel" | "amend" | "appointment";

/** What each operation is asked for, on the harness's patient and practice. */
export const ASK: Record<
  Operation,
  (harness: CommandHarness, verify?: { birthDate: string }) => Promise<unknown>
> = {
  book: (harness, verify) => harness.book({ verify }),
  register: (harness, verify) =>
    registerPatient({ nhsNumber: PATIENT, odsCode: PRACTICE, verify }, harness.context()),
  cancel: (harness) =>
    cancelAppointment({ id: idOf(harness), version: "1", reason: "Why" }, harness.context()),
  amend: (harness) =>
    amendAppointment({ id: idOf(harness), version: "1", comment: "More" }, harness.context()),
  appointment: (harness) => findAppointment(idOf(harness), "id", harness.context()),
};
export const ALL: readonly Operation[] = ["book", "register", "cancel", "amend", "appointment"];
export const BY_NUMBER: readonly Operation[] = ["book", "register"];

export function idOf(harness: CommandHarness): string {
  return harness.appointmentIds.encode({
    odsCode: PRACTICE,
    appointmentId: "101",
    nhsNumber: PATIENT,
    patientId: `patient-${PATIENT}`,
  });
}

/** A harness with one appointment, 101, and PDS as the case wants it. */
export function benchWith(options: HarnessOptions = {}): CommandHarness {
  const harness = new CommandHarness(options);
  harness.practice.bookElsewhere(["slot-99"], {
    patientId: `patient-${PATIENT}`,
    start: "2026-11-25T09:00:00+00:00",
    end: "2026-11-25T09:10:00+00:00",
  });
  return harness;
}

export const withRecord = (facts: Partial<PatientRecord>): HarnessOptions => ({
  pds: (nhsNumber, clock) => ({ kind: "found", record: patient(nhsNumber, clock, facts) }),
});
export const withAnswer = (answer: PdsReadResult): HarnessOptions => ({ pds: () => answer });
export const aged = (ms: number) => withRecord({ tracedAt: Date.parse("2026-11-23T09:00:00Z") - ms });

/** How an operation says no: an outcome's code where it has outcomes, else an error's reason. */
export async function answerOf(asked: Promise<unknown>): Promise<string> {
  try {
    const outcome = (await asked) as { kind?: string; code?: string } | undefined;
    return outcome?.code ?? outcome?.kind ?? "null";
  } catch (error) {
    if (error instanceof BadUserInputError) return `BAD_USER_INPUT ${error.field}`;
    if (error instanceof ForbiddenError) return error.reason;
    if (error instanceof UpstreamError) return error.reason ?? error.code;
    throw error;
  }
}
