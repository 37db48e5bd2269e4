import { UnusableResponse } from "./unusable-response.js";
import { type BundleIndex, type Json, records, text } from "./wire.js";

const HELD_BACK =
  "The practice held back a part of its answer as private or not shared with your organisation.";
const INCOMPLETE = "The practice says that its answer may be incomplete.";
const NOT_OBSERVED = "The practice did not observe everything that it was asked.";
const OTHER_WARNING = "The practice added a warning to its answer that cannot be shown here.";
const NOTE = "The practice added a note to its answer that cannot be shown here.";

/** Spine codes, then FHIR's issue types: whatever else a practice may write has no words of ours. */
const WORDS = new Map<string, string>([
  ...wordsFor(HELD_BACK, "ACCESS_DENIED", "NO_ORGANISATION_CONSENT", "NO_ORGANISATIONAL_CONSENT"),
  ...wordsFor(HELD_BACK, "NO_PATIENT_CONSENT", "PATIENT_SENSITIVE", "NO_RELATIONSHIP"),
  ...wordsFor(INCOMPLETE, "INTERNAL_SERVER_ERROR", "NO_RECORD_FOUND", "REFERENCE_NOT_FOUND"),
  ...wordsFor(NOT_OBSERVED, "INVALID_PARAMETER", "NOT_IMPLEMENTED", "BAD_REQUEST"),
  ...wordsFor(HELD_BACK, "suppressed", "security", "forbidden"),
  ...wordsFor(INCOMPLETE, "incomplete", "not-found", "too-costly", "timeout", "transient", "exception"),
  ...wordsFor(NOT_OBSERVED, "not-supported", "invalid", "value", "code-invalid"),
]);

/**
 * What a practice remarks on its own answer, in an OperationOutcome among the entries (assurance notes, hazard 32). In
 * our words: its own are free text, which may hold personal data (GP Connect notes, 10.1).
 *
 * @throws UnusableResponse for an error or worse: then what stands beside it is not the answer.
 */
export function toBundleWarnings(bundle: BundleIndex): string[] {
  refuseReportedErrors(bundle);
  return [...new Set(issuesOf(bundle).map(toWords))];
}

/** @throws UnusableResponse when the practice reports an error beside what it sends: the list is not all there is. */
export function refuseReportedErrors(bundle: BundleIndex): void {
  const isError = ({ severity }: Json) => severity === "error" || severity === "fatal";
  if (issuesOf(bundle).some(isError)) throw new UnusableResponse("INCOMPLETE_ANSWER");
}

function issuesOf(bundle: BundleIndex): Json[] {
  return bundle.all("OperationOutcome").flatMap(({ issue }) => records(issue));
}

function toWords(issue: Json): string {
  const spineCodes = records(issue.details)
    .flatMap(({ coding }) => records(coding))
    .map(({ code }) => text(code)?.replaceAll(" ", "_"));
  const known = [...spineCodes, text(issue.code)].flatMap((code) => WORDS.get(code ?? "") ?? [])[0];
  return known ?? (issue.severity === "information" ? NOTE : OTHER_WARNING);
}

function wordsFor(words: string, ...codes: string[]): [code: string, words: string][] {
  return codes.map((code) => [code, words]);
}
