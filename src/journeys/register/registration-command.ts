import type { CommandDefinition, Finding, SendEnd } from "../../commands/command-definition.js";
import { UpstreamError } from "../../platform/errors.js";
import { prepareResend, toFailedEnd } from "../failed-send.js";
import { denyAnyPracticeCall } from "../gates.js";
import type { JourneyContext } from "../journey-context.js";
import { tracePatient } from "../trace-patient.js";
import { findAtPractice, notEligible, numberNotAccepted } from "./find-at-practice.js";
import type {
  ClaimedRegistration,
  NotAtPractice,
  PatientAtPractice,
  ReadyToRegister,
  RegistrationTypes,
} from "./registration-types.js";

/** After this nobody waits for the registration any more, and every later one starts with a find. */
const GIVE_UP_MS = 24 * 60 * 60 * 1000;

const REFUSED: NotAtPractice = { kind: "patient-not-at-practice", isRegistrationRefused: true };

/**
 * Registering a patient temporarily, as the command engine runs and reconciles it (design section 9). Its key is the
 * patient at the practice, whoever registers. An outcome frees the key, since every registration starts with a find.
 */
export const registrationCommand: CommandDefinition<RegistrationTypes> = {
  kind: "register",
  reconciledAs: "REGISTERED",
  isKeyFreedByOutcome: true,
  toDetails: ({ practice: { odsCode }, registration: { nhsNumber } }, origin) => ({
    ...origin,
    odsCode,
    nhsNumber,
  }),
  // The key itself is the patient at the practice.
  toResources: () => [],
  prepareResend,
  send: (ready, _claimed, context) => sendRegistration(ready, context),

  /**
   * Where the registration may have been made all the same, and where the practice says that the patient is there
   * already, one further find tells. After a conflict never a second registration: older systems respond with both for
   * ever in turn (GP Connect notes, 8.3).
   */
  async readBack({ practice, registration }, _claimed, end, context) {
    context.loaders.clearPracticeResponses();
    const found = await findAtPractice(practice, registration.nhsNumber, context);
    if (found === undefined && end === "conflict") return excluded(REFUSED);
    return toFinding(found, end !== "conflict");
  },

  lookUp: lookUpRegistration,
  toResult: (found) => found,
  isSendSpentBy: () => true,
  toOutcome: (_claimed, result) => result,
  toRefusal: async (error) => toNotEligible(error),
  toResourceConflict: () => {
    throw new Error("a registration claims no resource");
  },
  replayDone: async (_claimed, result) => result,
  replayRefused: async (_claimed, refusal) => refusal,
  toUnknown: (handle, settlesAt) => ({ kind: "outcome-unknown", handle, settlesAt }),
  auditSubject: ({ nhsNumber, odsCode }) => ({ nhsNumber, odsCode }),
};

async function sendRegistration(
  { practice, registration }: ReadyToRegister,
  { gpConnect, call, loaders }: JourneyContext,
): Promise<SendEnd<PatientAtPractice>> {
  try {
    const patient = await gpConnect.registerPatient(practice, registration, call);
    return { kind: "confirmed", found: { kind: "at-practice", patient, registered: true } };
  } catch (error) {
    const isUpstream = error instanceof UpstreamError;
    // One page of the specification has the duplicate under 422 (GP Connect notes, 14.4).
    if (isUpstream && (error.httpStatus === 409 || error.reason === "DUPLICATE_REJECTED"))
      return { kind: "conflict", error };
    return toFailedEnd(error);
  } finally {
    loaders.clearPracticeResponses();
  }
}

/** Finds out what became of a registration that was sent earlier, through the same gates as any other call. */
async function lookUpRegistration(
  { intent }: ClaimedRegistration,
  context: JourneyContext,
): Promise<Finding<RegistrationTypes>> {
  const { nhsNumber, odsCode } = intent.details;
  const lastSend = intent.sends.at(-1)?.at ?? 0;
  const unreadable = { kind: "unreadable", forGood: context.clock.now() - lastSend > GIVE_UP_MS } as const;
  try {
    const traced = await tracePatient(nhsNumber, undefined, context);
    if (traced === undefined || denyAnyPracticeCall(traced, context)) return unreadable;
    context.loaders.clearPracticeResponses();
    return toFinding(await findAtPractice({ odsCode }, traced.record.nhsNumber, context), true);
  } catch {
    // The failure was audited where it happened, and says nothing about the registration.
    return unreadable;
  }
}

function toFinding(
  found: PatientAtPractice | NotAtPractice | undefined,
  registered: boolean,
): Finding<RegistrationTypes> {
  if (found === undefined) return { kind: "absent" };
  return found.kind === "at-practice"
    ? { kind: "present", found: { ...found, registered } }
    : excluded(found);
}

function excluded(refusal: NotAtPractice): Finding<RegistrationTypes> {
  return { kind: "excluded", refusal, outcome: refusal };
}

function toNotEligible({ reason }: UpstreamError): NotAtPractice | undefined {
  switch (reason) {
    case "INVALID_NHS_NUMBER":
      return numberNotAccepted();
    case "INVALID_PATIENT_DEMOGRAPHICS":
    // Some practices say no more than this of a name that is not the one on PDS (assurance notes, REG-01/11).
    case "BAD_REQUEST":
      return notEligible("DEMOGRAPHICS_REJECTED", "The practice could not match the patient's details.");
    default:
      return undefined;
  }
}
