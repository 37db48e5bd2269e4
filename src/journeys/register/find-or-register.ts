import type { DirectoryEntry } from "../../domain/directory-entry.js";
import { toLondonDate } from "../../domain/london-time.js";
import type { PatientRecord, PracticePatient } from "../../domain/patient.js";
import { currentName } from "../../domain/person-name.js";
import { UpstreamError } from "../../platform/errors.js";
import type { TemporaryRegistration } from "../../upstreams/ssp/index.js";
import { recordDenial } from "../gates.js";
import type { JourneyContext } from "../journey-context.js";
import type { TemporaryContacts } from "./temporary-contacts.js";

export interface PatientAtPractice {
  readonly kind: "at-practice";
  readonly patient: PracticePatient;
  /** Registered just now, by us. */
  readonly registered: boolean;
}

/** Why a patient is not to be had at a practice. */
export type NotAtPractice =
  | { readonly kind: "patient-not-at-practice" }
  | { readonly kind: "patient-not-eligible"; readonly code: string; readonly message: string };

/** A registration was sent, and whether it was made could not be found out. The error is the one that it ended in. */
export interface RegistrationUnclear {
  readonly kind: "registration-unclear";
  readonly error: UpstreamError;
}

export interface RegistrationWish {
  readonly registerIfAbsent: boolean;
  readonly temporaryContacts?: TemporaryContacts | undefined;
}

/** Step 5: find the patient at the practice; if absent, register temporarily where the caller wishes it (gate G12). */
export async function findOrRegister(
  practice: DirectoryEntry,
  record: PatientRecord,
  { registerIfAbsent, temporaryContacts }: RegistrationWish,
  context: JourneyContext,
): Promise<PatientAtPractice | NotAtPractice | RegistrationUnclear> {
  const found = await findAtPractice(practice, record, context);
  if (found) return found;
  if (!registerIfAbsent) {
    recordDenial(context, { gate: "G12", auditReason: "NOT_AT_PRACTICE", nhsNumber: record.nhsNumber });
    return { kind: "patient-not-at-practice" };
  }
  const registration = toRegistration(record, temporaryContacts, context);
  if (registration === undefined) {
    recordDenial(context, {
      gate: "G12",
      auditReason: "INSUFFICIENT_DEMOGRAPHICS",
      nhsNumber: record.nhsNumber,
    });
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
    context.loaders.clearPracticeResponses();
  }
}

/** Nobody is an answer, and so are several: the first of several is never taken (assurance notes, FPA-01/2). */
async function findAtPractice(
  { odsCode }: DirectoryEntry,
  { nhsNumber }: PatientRecord,
  context: JourneyContext,
): Promise<PatientAtPractice | NotAtPractice | undefined> {
  try {
    const patient = await context.loaders.practicePatient.load({ odsCode, nhsNumber });
    return patient && { kind: "at-practice", patient, registered: false };
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    if (error.reason === "INVALID_NHS_NUMBER") return numberNotAccepted();
    if (error.reason !== SEVERAL) throw error;
    recordDenial(context, { gate: "G12", auditReason: SEVERAL, nhsNumber, outcome: "REFUSED" });
    return notEligible(
      SEVERAL,
      "The practice holds several records of this patient. Please ring the practice.",
    );
  }
}

const SEVERAL = "SEVERAL_RECORDS_AT_PRACTICE";

/** Only a patient whose names and whole birth date PDS gives can be registered (GP Connect notes, 8.3). */
function toRegistration(
  record: PatientRecord,
  contacts: TemporaryContacts | undefined,
  { clock }: JourneyContext,
): TemporaryRegistration | undefined {
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
    ...contacts,
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
): Promise<PatientAtPractice | NotAtPractice | RegistrationUnclear> {
  if (!(error instanceof UpstreamError)) throw error;
  switch (error.reason) {
    case "INVALID_NHS_NUMBER":
      return numberNotAccepted();
    case "INVALID_PATIENT_DEMOGRAPHICS":
    // Some practices say no more than this of a name that is not the one on PDS (assurance notes, REG-01/11).
    case "BAD_REQUEST":
      return notEligible("DEMOGRAPHICS_REJECTED", "The practice could not match the patient's details.");
  }
  // One page of the specification has the duplicate under 422 (GP Connect notes, 14.4).
  const isThere = error.httpStatus === 409 || error.reason === "DUPLICATE_REJECTED";
  if (!isThere && !error.outcomeUnknown) throw error;
  context.loaders.clearPracticeResponses();
  const unclear: RegistrationUnclear = { kind: "registration-unclear", error };
  try {
    const found = await findAtPractice(practice, record, context);
    if (found?.kind === "at-practice") return { ...found, registered: error.outcomeUnknown };
    if (found) return found;
  } catch (failure) {
    if (failure instanceof UpstreamError) return unclear;
    throw failure;
  }
  return isThere ? { kind: "patient-not-at-practice" } : unclear;
}

function numberNotAccepted(): NotAtPractice {
  return notEligible("NHS_NUMBER_NOT_ACCEPTED", "The practice does not accept this NHS number.");
}

function notEligible(code: string, message: string): NotAtPractice {
  return { kind: "patient-not-eligible", code, message };
}
