/**
 * What to tell a person when a practice cannot be used (assurance notes, 2.3). "We are not set up", "your two
 * organisations do not share" and "the practice has it off" need different words.
 */
const WORDS: Record<string, string> = {
  NOT_ON_GP_CONNECT: "This practice cannot be reached through GP Connect.",
  DIRECTORY_ENTRY_INCOMPLETE: "This practice is not fully registered for GP Connect.",
  UNUSABLE_DIRECTORY_ADDRESS: "The Spine directory holds an address that cannot be used.",
  NO_SPINE_ENDPOINT: "The Spine directory has no entry for the Visitors & Migrants service itself.",
  NO_SHARING_AGREEMENT: "There is no data-sharing agreement between your organisation and this practice.",
  NOT_ENABLED: "The practice has this switched off.",
  NO_ORGANISATION_CONSENT: "The practice does not share with your organisation.",
  NO_PATIENT_CONSENT: "This is not available for this patient.",
  NOT_SUPPORTED: "The practice's system does not offer this.",
};

/** @returns undefined for a reason that is not a practice's refusal. */
export function refusalWords(reason: string | undefined): string | undefined {
  return reason === undefined ? undefined : WORDS[reason];
}
