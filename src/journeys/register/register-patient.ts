import type { DemographicDifference } from "../../domain/demographic-differences.js";
import { type OdsCode, parseOdsCode } from "../../domain/ods-code.js";
import type { PracticePatient } from "../../domain/patient.js";
import type { KnownDetails } from "../../domain/verified-details.js";
import { BadUserInputError } from "../../platform/errors.js";
import { differencesBetween } from "../compare-demographics.js";
import { recordDenial, requireNhsNumber } from "../gates.js";
import type { JourneyContext } from "../journey-context.js";
import { orRefusal, type PracticeRefusal } from "../practice-refusals.js";
import { reachPractice } from "../reach-practice.js";
import { traceForCommand, type UntracedPatient } from "../trace-for-command.js";
import { findOrRegister } from "./find-or-register.js";
import type { NotAtPractice, RegistrationUnknown } from "./registration-types.js";
import { checkTemporaryContacts, type TemporaryContacts } from "./temporary-contacts.js";

/** A registration as the caller requested it. */
export interface RegisterRequest {
  readonly nhsNumber: string;
  readonly odsCode: string;
  readonly verify?: KnownDetails | undefined;
  readonly temporaryContacts?: TemporaryContacts | undefined;
}

/** What can come of a registration, apart from faults. */
export type RegistrationOutcome =
  | {
      readonly kind: "registered" | "already-registered";
      readonly odsCode: OdsCode;
      readonly patient: PracticePatient;
      /** Gate G13, here for the eye: nothing follows from it by itself. */
      readonly differences: readonly DemographicDifference[];
    }
  | UntracedPatient
  | NotAtPractice
  | PracticeRefusal
  /** It may have been made or not. The same request again finds the patient first. */
  | RegistrationUnknown;

/**
 * Registers a patient temporarily at a practice, or finds that they are there already: find first, and never register
 * twice (GP Connect notes, 8.3).
 *
 * @throws BadUserInputError for malformed input, before any call; UpstreamError when nobody was registered.
 */
export async function registerPatient(
  request: RegisterRequest,
  context: JourneyContext,
): Promise<RegistrationOutcome> {
  // The form of the request: nothing has left yet.
  const nhsNumber = await requireNhsNumber(request.nhsNumber, "input.nhsNumber", context);
  const odsCode = requireForm(request, context);

  return orRefusal(async (): Promise<RegistrationOutcome> => {
    // 1. PDS verifies the number.
    const traced = await traceForCommand(nhsNumber, request.verify, context);
    if ("kind" in traced) return traced;

    // 2. SDS gives the practice's ASID and its FHIR service root URL.
    const practice = await reachPractice(odsCode, traced.nhsNumber, context);

    // 5. Find the patient at the practice; if absent, register temporarily.
    const registration = { registerIfAbsent: true, temporaryContacts: request.temporaryContacts };
    const present = await findOrRegister(practice, traced, registration, context);
    if (present.kind !== "at-practice") return present;
    const { patient, registered } = present;
    const differences = differencesBetween(traced, patient, context);
    return { kind: registered ? "registered" : "already-registered", odsCode, patient, differences };
  });
}

function requireForm({ odsCode, temporaryContacts }: RegisterRequest, context: JourneyContext): OdsCode {
  try {
    const code = parseOdsCode(odsCode);
    if (code === undefined) throw new BadUserInputError("input.odsCode", "This is not an ODS code.");
    checkTemporaryContacts(temporaryContacts);
    return code;
  } catch (error) {
    if (error instanceof BadUserInputError) {
      recordDenial(context, { gate: "G14", auditReason: `MALFORMED ${error.field}` });
    }
    throw error;
  }
}
