import { auditLookups, type StoreKeys } from "../store/index.js";
import type { AuditQuestion, FoundRecord } from "./find-records.js";
import { type AuditLinePlace, parseAuditLine } from "./read-lines.js";

/** A line of an audit file: the place in its chain, then the record. */
interface AuditLine extends AuditLinePlace {
  readonly attempt: string;
  readonly phase: string;
  readonly patient?: string;
  readonly outcome: string;
  readonly user?: { readonly localId?: string; readonly sdsUserId?: string };
}

/**
 * The same question as `findRecords`, of the text of an audit file: while the database was away, records went to the file
 * first. A line that is no audit line is left out; `verifyAuditLines` names it.
 */
export function findLines(
  text: string,
  question: AuditQuestion,
  keys: Pick<StoreKeys, "hash">,
): FoundRecord[] {
  const patient = question.kind === "patient" ? auditLookups(keys).patient(question.nhsNumber) : undefined;
  const isAbout = (line: AuditLine) =>
    question.kind === "patient"
      ? line.patient === patient
      : line.user?.localId === question.id || line.user?.sdsUserId === question.id;
  return text
    .split("\n")
    .flatMap((raw) => parseAuditLine<AuditLine>(raw) ?? [])
    .filter(isAbout)
    .map((line) => {
      const { writer, sequence, attempt, phase, hash: _hash, patient: _patient, ...record } = line;
      return { writer, sequence, attempt, phase, outcome: line.outcome, record };
    });
}
