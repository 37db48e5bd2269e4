import type { DirectoryEntry } from "../../domain/directory-entry.js";
import { toLondonDate } from "../../domain/london-time.js";
import type { PatientRecord, PracticePatient } from "../../domain/patient.js";
import { currentName } from "../../domain/person-name.js";
import { UpstreamError } from "../../platform/errors.js";
import type { TemporaryRegistration } from "../../upstreams/ssp/index.js";
import { block } from "../gates.js";
import type { JourneyContext } from "../journey-context.js";
import type { BookingOutcome } from "./booking-outcome.js";

export interface PatientAtPractice {
  readonly kind: "at-practice";
  readonly patient: PracticePatient;
  readonly registered: boolean;
}

/** Step 5: find the patient at the practice; if absent, register temporarily where the caller wishes it (gate G12). */
export async function findOrRegister(
  practice: DirectoryEntry,
  record: PatientRecord,
  registerIfAbsent: boolean,
  context: JourneyContext,
): Promise<PatientAtPractice | BookingOutcome> {
  const found = await findAtPractice(practice, record, context);
  if (found) return { kind: "at-practice", patient: found, registered: false };
  if (!registerIfAbsent) return { kind: "patient-not-at-practice" };

  const registration = toRegistration(record, context);
  if (registration === undefined) {
    block(context, { gate: "G12", auditReason: "INSUFFICIENT_DEMOGRAPHICS", nhsNumber: record.nhsNumber });
    return notEligible(
      "INSUFFICIENT_DEMOGRAPHICS",
      "PDS does not hold enough of this patient to register them.",
    );
  }
  try {
    const patient = await context.gpConnect.registerPatient(practice, registration, context.call);
    return { kind: "at-practice", patient, registered: true };
  } catch (error) {
    return registrationFailure(error, practice, record, context);
  } finally {
    context.loaders.forgetPracticeAnswers();
  }
}

function findAtPractice(
  { odsCode }: DirectoryEntry,
  { nhsNumber }: PatientRecord,
  { loaders }: JourneyContext,
): Promise<PracticePatient | undefined> {
  return loaders.practicePatient.load({ odsCode, nhsNumber });
}

/** Only a patient whose names and whole birth date PDS gives can be registered (GP Connect notes, 8.3). */
function toRegistration(record: PatientRecord, { clock }: JourneyContext): TemporaryRegistration | undefined {
  const name = currentName(record.names, toLondonDate(clock.now()));
  const { birthDate } = record;
  if (!name?.family || name.given.length === 0 || birthDate?.length !== "2000-01-01".length) return undefined;
  return {
    nhsNumber: record.nhsNumber,
    name,
    birthDate,
    gender: record.gender,
    addresses: record.addresses,
    telecoms: record.telecoms,
  };
}

/**
 * What a failed registration means. Where it may have been carried out all the same, and where the practice
 * says that the patient is there already, one further find tells; never a second registration, since older
 * systems answer both for ever in turn (GP Connect notes, 8.3).
 */
async function registrationFailure(
  error: unknown,
  practice: DirectoryEntry,
  record: PatientRecord,
  context: JourneyContext,
): Promise<PatientAtPractice | BookingOutcome> {
  if (!(error instanceof UpstreamError)) throw error;
  switch (error.reason) {
    case "INVALID_NHS_NUMBER":
      return notEligible("NHS_NUMBER_NOT_ACCEPTED", "The practice does not accept this NHS number.");
    case "INVALID_PATIENT_DEMOGRAPHICS":
      return notEligible("DEMOGRAPHICS_REJECTED", "The practice could not match the patient's details.");
  }
  if (error.httpStatus !== 409 && !error.outcomeUnknown) throw error;
  context.loaders.forgetPracticeAnswers();
  const found = await findAtPractice(practice, record, context);
  if (found) return { kind: "at-practice", patient: found, registered: error.outcomeUnknown };
  if (error.httpStatus === 409) return { kind: "patient-not-at-practice" };
  throw error;
}

function notEligible(code: string, message: string): BookingOutcome {
  return { kind: "patient-not-eligible", code, message };
}
