import { type DemographicDifference, demographicDifferences } from "../domain/demographic-differences.js";
import { toLondonDate } from "../domain/london-time.js";
import type { PatientRecord, PracticePatient } from "../domain/patient.js";
import { currentName } from "../domain/person-name.js";
import { recordDenial } from "./gates.js";
import type { JourneyContext } from "./journey-context.js";

/**
 * Gate G13: what the practice holds must be the person that PDS holds, or a person must have said that it is.
 *
 * @returns the differences that close the gate; none, when it is open.
 */
export function compareDemographics(
  record: PatientRecord,
  theirs: PracticePatient,
  { acknowledgeDiscrepancies }: { readonly acknowledgeDiscrepancies: boolean },
  context: JourneyContext,
): readonly DemographicDifference[] {
  const differences = differencesBetween(record, theirs, context);
  if (differences.length === 0) return [];
  // Into the audit go the fields' names only.
  const fields = differences.map(({ field }) => field).join(" ");
  if (acknowledgeDiscrepancies) {
    context.call.audit.record({
      operation: "acknowledge discrepancies",
      outcome: "SUCCEEDED",
      gate: "G13",
      reason: fields,
      nhsNumber: record.nhsNumber,
    });
    return [];
  }
  const auditReason = `DEMOGRAPHICS_MISMATCH ${fields}`;
  recordDenial(context, { gate: "G13", auditReason, nhsNumber: record.nhsNumber });
  return differences;
}

/** The five fields of the cross-check as far as they can be compared (assurance notes, 2.5). */
export function differencesBetween(
  record: PatientRecord,
  theirs: PracticePatient,
  { clock }: Pick<JourneyContext, "clock">,
): DemographicDifference[] {
  const name = currentName(record.names, toLondonDate(clock.now()));
  return demographicDifferences({ ...record, name }, theirs);
}
