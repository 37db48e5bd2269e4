import type { PatientMatch } from "../domain/patient-match.js";
import { hidesRestricted, type TraceCriteria } from "../domain/trace-criteria.js";
import { type TraceDetails, TraceDetailsFault, toTraceCriteria } from "../domain/trace-details.js";
import { BadUserInputError } from "../platform/errors.js";
import { badResponse } from "../upstreams/upstream-errors.js";
import { recordDenial, requireRelationship, requireSearchPermission, type TracedPatient } from "./gates.js";
import type { JourneyContext } from "./journey-context.js";
import { tracePatient } from "./trace-patient.js";

/** What came of looking for a person by details. */
export type TraceOutcome =
  | { readonly kind: "match"; readonly patient: TracedPatient }
  | { readonly kind: "candidates"; readonly candidates: readonly PatientMatch[] }
  /** `restrictedHidden`: the search could not see restricted records, whoever was meant. */
  | { readonly kind: "no-match"; readonly restrictedHidden: boolean }
  | { readonly kind: "too-many" };

/**
 * Looks for a person on PDS. One match is read in full by its number, as every patient is, so that the same gates,
 * session and superseding hold; what the search itself shows is a part of the record and is never taken for it (PDS
 * notes, 6.5).
 *
 * @throws ForbiddenError for a caller who may query certain patients only, or when one of those found is not permitted
 *   (gate G2).
 * @throws BadUserInputError naming the detail at fault, before any call.
 */
export async function traceByDetails(details: TraceDetails, context: JourneyContext): Promise<TraceOutcome> {
  requireSearchPermission(context);
  const criteria = requireCriteria(details, context);
  const found = await context.loaders.patientSearch.load(criteria);
  if (found.kind === "too-many") return found;
  const [match, another] = found.matches;
  if (!match) return { kind: "no-match", restrictedHidden: hidesRestricted(criteria) };
  // Only now is it known who was found. Nobody is shown before all of them are permitted.
  await Promise.all(found.matches.map(({ nhsNumber }) => requireRelationship(nhsNumber, context)));
  if (another) return { kind: "candidates", candidates: found.matches };
  return { kind: "match", patient: await traceMatch(match, context) };
}

/**
 * Reads the record of a match, whether it is the only one or one of several.
 *
 * @throws UpstreamError (`MATCH_NOT_FOUND`) when PDS has no such record: the search found it, so it must not be told as
 *   "nobody".
 */
export async function traceMatch(
  { nhsNumber }: PatientMatch,
  context: JourneyContext,
): Promise<TracedPatient> {
  const patient = await tracePatient(nhsNumber, undefined, context);
  if (!patient) throw badResponse("PDS", "MATCH_NOT_FOUND");
  return patient;
}

/** G3 for details: their form, before any call. */
function requireCriteria(details: TraceDetails, context: JourneyContext): TraceCriteria {
  try {
    return toTraceCriteria(details);
  } catch (error) {
    if (!(error instanceof TraceDetailsFault)) throw error;
    recordDenial(context, { gate: "G3", auditReason: "TRACE_DETAILS_MALFORMED" });
    throw new BadUserInputError(`criteria.${error.field}`, error.message);
  }
}
