import type { BundleIndex } from "./bundle.js";
import { UnusableResponse } from "./unusable-response.js";
import { type Json, records, text } from "./wire.js";

const HELD_BACK =
  "The practice withheld part of its response as private or not shared with your organisation.";
const INCOMPLETE = "The practice says that its response may be incomplete.";
const NOT_OBSERVED = "The practice did not apply every parameter of the request.";
const OTHER_WARNING = "The practice added a warning to its response that cannot be shown here.";
const NOTE = "The practice added a note to its response that cannot be shown here.";

/** The sentence for each Spine code, then for each FHIR issue type. Other codes have only the general sentences. */
const SENTENCES = new Map<string, string>([
  ...sentenceFor(HELD_BACK, "ACCESS_DENIED", "NO_ORGANISATION_CONSENT", "NO_ORGANISATIONAL_CONSENT"),
  ...sentenceFor(HELD_BACK, "NO_PATIENT_CONSENT", "PATIENT_SENSITIVE", "NO_RELATIONSHIP"),
  ...sentenceFor(INCOMPLETE, "INTERNAL_SERVER_ERROR", "NO_RECORD_FOUND", "REFERENCE_NOT_FOUND"),
  ...sentenceFor(NOT_OBSERVED, "INVALID_PARAMETER", "NOT_IMPLEMENTED", "BAD_REQUEST"),
  ...sentenceFor(HELD_BACK, "suppressed", "security", "forbidden"),
  ...sentenceFor(INCOMPLETE, "incomplete", "not-found", "too-costly", "timeout", "transient", "exception"),
  ...sentenceFor(NOT_OBSERVED, "not-supported", "invalid", "value", "code-invalid"),
]);

/**
 * The warnings that a practice adds to its response, in an OperationOutcome among the entries (assurance notes, hazard
 * 32). The sentences are ours: the practice's text is free text and may hold personal data (GP Connect notes, 10.1).
 *
 * @throws UnusableResponse for severity error or fatal: the other entries are then not the whole result.
 */
export function toBundleWarnings(bundle: BundleIndex): string[] {
  refuseReportedErrors(bundle);
  return [...new Set(issuesOf(bundle).map(toSentence))];
}

/** @throws UnusableResponse when the practice reports an error beside its entries: the list is not complete. */
export function refuseReportedErrors(bundle: BundleIndex): void {
  const isError = ({ severity }: Json) => severity === "error" || severity === "fatal";
  if (issuesOf(bundle).some(isError)) throw new UnusableResponse("INCOMPLETE_RESPONSE");
}

/** Whether one of the warnings says that entries may be missing: then the list does not prove that something is absent. */
export function mayLackEntries(warnings: readonly string[]): boolean {
  return warnings.some((warning) => warning === HELD_BACK || warning === INCOMPLETE);
}

function issuesOf(bundle: BundleIndex): Json[] {
  return bundle.all("OperationOutcome").flatMap(({ issue }) => records(issue));
}

function toSentence(issue: Json): string {
  const spineCodes = records(issue.details)
    .flatMap(({ coding }) => records(coding))
    .map(({ code }) => text(code)?.replaceAll(" ", "_"));
  const known = [...spineCodes, text(issue.code)].flatMap((code) => SENTENCES.get(code ?? "") ?? [])[0];
  return known ?? (issue.severity === "information" ? NOTE : OTHER_WARNING);
}

function sentenceFor(sentence: string, ...codes: string[]): [code: string, sentence: string][] {
  return codes.map((code) => [code, sentence]);
}
