import type { PatientRecord } from "../../src/domain/patient.js";
import { amendAppointment } from "../../src/journeys/amend/amend-appointment.js";
import { cancelAppointment } from "../../src/journeys/cancel/cancel-appointment.js";
import { findAppointment } from "../../src/journeys/find-appointment.js";
import { registerPatient } from "../../src/journeys/register/register-patient.js";
import { BadUserInputError, ForbiddenError, UpstreamError } from "../../src/platform/errors.js";
import type { PdsReadResult } from "../../src/upstreams/pds/index.js";
import { type BenchOptions, CommandBench, PATIENT, PRACTICE, patient } from "./command-bench.js";

export const HOUR_MS = 3_600_000;

export type Operation = "book" | "register" | "cancel" | "amend" | "appointment";

/** What each operation is asked for, on the bench's patient and practice. */
export const ASK: Record<
  Operation,
  (bench: CommandBench, verify?: { birthDate: string }) => Promise<unknown>
> = {
  book: (bench, verify) => bench.book({ verify }),
  register: (bench, verify) =>
    registerPatient({ nhsNumber: PATIENT, odsCode: PRACTICE, verify }, bench.context()),
  cancel: (bench) => cancelAppointment({ id: idOf(bench), version: "1", reason: "Why" }, bench.context()),
  amend: (bench) => amendAppointment({ id: idOf(bench), version: "1", comment: "More" }, bench.context()),
  appointment: (bench) => findAppointment(idOf(bench), "id", bench.context()),
};
export const ALL: readonly Operation[] = ["book", "register", "cancel", "amend", "appointment"];
export const BY_NUMBER: readonly Operation[] = ["book", "register"];

export function idOf(bench: CommandBench): string {
  return bench.appointmentIds.encode({ odsCode: PRACTICE, appointmentId: "101", nhsNumber: PATIENT });
}

/** A bench with one appointment, 101, and PDS as the case wants it. */
export function benchWith(options: BenchOptions = {}): CommandBench {
  const bench = new CommandBench(options);
  bench.practice.bookElsewhere(["slot-99"], {
    patientId: `patient-${PATIENT}`,
    start: "2026-11-25T09:00:00+00:00",
    end: "2026-11-25T09:10:00+00:00",
  });
  return bench;
}

export const withRecord = (facts: Partial<PatientRecord>): BenchOptions => ({
  pds: (nhsNumber, clock) => ({ kind: "found", record: patient(nhsNumber, clock, facts) }),
});
export const withAnswer = (answer: PdsReadResult): BenchOptions => ({ pds: () => answer });
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
