import { type HarnessOptions, PRACTICE } from "./command-harness.js";
import { ALL, aged, BY_NUMBER, HOUR_MS, type Operation, withAnswer, withRecord } from "./gate-kit.js";

export interface GateCase {
  readonly gate: string;
  readonly what: string;
  readonly operations: readonly Operation[];
  readonly options: HarnessOptions;
  readonly answer: string | Partial<Record<Operation, string>>;
  readonly audited: string;
  /** The calls that were made: nothing after the gate. */
  readonly calls: readonly string[];
  readonly verify?: { birthDate: string };
}

const NOT_FOUND = {
  book: "patient-not-found",
  register: "patient-not-found",
  cancel: "not-found",
  amend: "not-found",
  appointment: "null",
};

/** What closes a gate for the patient, and how it shows. */
export const PATIENT_GATES: readonly GateCase[] = [
  {
    gate: "G4",
    what: "PDS knows no such patient",
    operations: ALL,
    options: withAnswer({ kind: "not-found" }),
    answer: NOT_FOUND,
    audited: "NOT_ON_PDS",
    calls: ["PDS"],
  },
  {
    gate: "G4",
    what: "PDS has invalidated the number",
    operations: ALL,
    options: withAnswer({ kind: "invalidated" }),
    answer: "NHS_NUMBER_INVALID",
    audited: "INVALID_ON_PDS",
    calls: ["PDS"],
  },
  {
    gate: "G6",
    what: "the details given are not the patient's",
    operations: BY_NUMBER,
    options: {},
    verify: { birthDate: "2001-01-01" },
    answer: "NOT_VERIFIED",
    audited: "NOT_VERIFIED",
    calls: ["PDS"],
  },
  {
    gate: "G6",
    what: "details are asked for and none were given",
    operations: BY_NUMBER,
    options: { rules: { requireVerifiedDetails: true } },
    answer: "NOT_VERIFIED",
    audited: "NOT_VERIFIED no details",
    calls: ["PDS"],
  },
  {
    gate: "G7",
    what: "the trace is older than 24 hours, and PDS gives no newer one",
    operations: ALL,
    options: aged(24 * HOUR_MS + 60_000),
    answer: "TRACE_TOO_OLD",
    audited: "TRACE_TOO_OLD",
    calls: ["PDS", "PDS"],
  },
  {
    gate: "G8",
    what: "the patient has died",
    operations: ALL,
    options: withRecord({ deceasedAt: "2026-01-01" }),
    answer: "DECEASED",
    audited: "DECEASED",
    calls: ["PDS"],
  },
  {
    gate: "G8",
    what: "a death has been notified",
    operations: ALL,
    options: withRecord({ deathNotification: "1" }),
    answer: "DECEASED",
    audited: "DECEASED",
    calls: ["PDS"],
  },
  ...["R", "V", "anything unknown", undefined].map(
    (confidentiality): GateCase => ({
      gate: "G9",
      what: `the patient is sensitive (${confidentiality})`,
      operations: ALL,
      options: withRecord({ confidentiality }),
      answer: "ACCESS_NOT_AVAILABLE",
      audited: "SENSITIVE",
      calls: ["PDS"],
    }),
  ),
  {
    gate: "G10",
    what: "the patient has no practice",
    operations: BY_NUMBER,
    options: withRecord({ registeredPractice: undefined }),
    answer: "ACCESS_NOT_AVAILABLE",
    audited: "NO_PRACTICE",
    calls: ["PDS"],
  },
  {
    gate: "G10",
    what: "the registration has lapsed",
    operations: BY_NUMBER,
    options: withRecord({ registeredPractice: { odsCode: PRACTICE, period: { end: "2026-11-01" } } }),
    answer: "ACCESS_NOT_AVAILABLE",
    audited: "NO_PRACTICE",
    calls: ["PDS"],
  },
];
