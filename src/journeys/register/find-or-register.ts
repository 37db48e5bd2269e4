import { runCommand } from "../../commands/command-engine.js";
import type { DirectoryEntry } from "../../domain/directory-entry.js";
import { toLondonDate } from "../../domain/london-time.js";
import type { PatientRecord } from "../../domain/patient.js";
import { currentName } from "../../domain/person-name.js";
import type { TemporaryRegistration } from "../../upstreams/ssp/index.js";
import { recordDenial } from "../gates.js";
import type { JourneyContext } from "../journey-context.js";
import { findAtPractice, notEligible } from "./find-at-practice.js";
import { registrationCommand } from "./registration-command.js";
import type { NotAtPractice, PatientAtPractice, RegistrationUnknown } from "./registration-types.js";
import type { TemporaryContacts } from "./temporary-contacts.js";

export interface RegistrationRequest {
  readonly registerIfAbsent: boolean;
  readonly temporaryContacts?: TemporaryContacts | undefined;
}

/** Step 5: find the patient at the practice; if absent, register temporarily where the caller requests it (gate G12). */
export async function findOrRegister(
  practice: DirectoryEntry,
  patientRecord: PatientRecord,
  { registerIfAbsent, temporaryContacts }: RegistrationRequest,
  context: JourneyContext,
): Promise<PatientAtPractice | NotAtPractice | RegistrationUnknown> {
  const { nhsNumber } = patientRecord;
  const found = await findAtPractice(practice, nhsNumber, context);
  if (found) return found;
  if (!registerIfAbsent) {
    recordDenial(context, { gate: "G12", auditReason: "NOT_AT_PRACTICE", nhsNumber });
    return { kind: "patient-not-at-practice" };
  }
  const registration = toRegistration(patientRecord, temporaryContacts, context);
  if (registration === undefined) {
    recordDenial(context, { gate: "G12", auditReason: "INSUFFICIENT_DEMOGRAPHICS", nhsNumber });
    return notEligible(
      "INSUFFICIENT_DEMOGRAPHICS",
      "PDS does not hold enough of this patient to register them.",
    );
  }
  return runCommand(
    registrationCommand,
    {
      // The patient at the practice, as a hash: callers see it as the handle of an unknown outcome.
      idempotencyKey: context.commands.store.contentOf(["register", practice.odsCode, nhsNumber]),
      scope: "any organisation",
      content: [],
      prepare: async () => ({ kind: "ready", practice, registration }),
    },
    context,
  );
}

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
