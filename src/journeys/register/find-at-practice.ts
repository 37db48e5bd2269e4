import type { DirectoryEntry } from "../../domain/directory-entry.js";
import type { NhsNumber } from "../../domain/nhs-number.js";
import { UpstreamError } from "../../platform/errors.js";
import { recordDenial } from "../gates.js";
import type { JourneyContext } from "../journey-context.js";
import type { NotAtPractice, PatientAtPractice } from "./registration-types.js";

const SEVERAL = "SEVERAL_RECORDS_AT_PRACTICE";

/**
 * Step 5, first half: find the patient at the practice. The first of several records is never taken (assurance notes,
 * FPA-01/2).
 *
 * The practice's own record counts too: a patient who has died there is not booked (gate G8), even when PDS has not heard of
 * it, and an inactive record is as good as none.
 *
 * @returns undefined when the practice has no active record of the patient.
 */
export async function findAtPractice(
  { odsCode }: Pick<DirectoryEntry, "odsCode">,
  nhsNumber: NhsNumber,
  context: JourneyContext,
): Promise<PatientAtPractice | NotAtPractice | undefined> {
  try {
    const patient = await context.loaders.practicePatient.load({ odsCode, nhsNumber });
    if (patient?.deceased) {
      recordDenial(context, { gate: "G8", auditReason: "DECEASED_AT_PRACTICE", nhsNumber });
      return notEligible("DECEASED", "The practice's record says that the patient has died.");
    }
    if (!patient || patient.active === false) return undefined;
    return { kind: "at-practice", patient, registered: false };
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

export function numberNotAccepted(): NotAtPractice {
  return notEligible("NHS_NUMBER_NOT_ACCEPTED", "The practice does not accept this NHS number.");
}

export function notEligible(code: string, message: string): NotAtPractice {
  return { kind: "patient-not-eligible", code, message };
}
