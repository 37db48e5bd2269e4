import { UpstreamError } from "../platform/errors.js";

/** A practice, or the proxy on its behalf, says no: an outcome that a person can act on (assurance notes, 2.3). */
export interface PracticeRefusal {
  readonly kind: "practice-refused";
  readonly code: string;
  readonly message: string;
}

const REFUSALS: Record<string, string> = {
  NOT_ON_GP_CONNECT: "This practice cannot be reached through GP Connect.",
  DIRECTORY_ENTRY_INCOMPLETE: "This practice is not fully registered for GP Connect.",
  NO_SHARING_AGREEMENT: "There is no data-sharing agreement between your organisation and this practice.",
  NOT_ENABLED: "The practice has this switched off.",
  NO_ORGANISATION_CONSENT: "The practice does not share with your organisation.",
  NO_PATIENT_CONSENT: "This is not available for this patient.",
  NOT_SUPPORTED: "The practice's system does not offer this.",
};

/** Which refusals are outcomes; every other failure stays an error. */
export function asPracticeRefusal(error: unknown): PracticeRefusal | undefined {
  if (!(error instanceof UpstreamError) || error.reason === undefined) return undefined;
  const message = REFUSALS[error.reason];
  return message === undefined ? undefined : { kind: "practice-refused", code: error.reason, message };
}

/** Runs the steps of a command; a refusal on the way ends it as an outcome. */
export async function orRefusal<T>(steps: () => Promise<T>): Promise<T | PracticeRefusal> {
  try {
    return await steps();
  } catch (error) {
    const refusal = asPracticeRefusal(error);
    if (refusal) return refusal;
    throw error;
  }
}
