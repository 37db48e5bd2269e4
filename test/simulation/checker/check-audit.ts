import type { AttemptRecord, AuditRecord, History } from "../history.js";
import { type Violation, violation } from "./violation.js";

/**
 * Each attempt has exactly one audit record, in the order in which the attempts ended, with the outcome on the wire. The
 * sequence numbers of one writer have no gap. An attempt whose process died before its end has no record.
 */
export function checkAudit({ attempts, audit }: History): Violation[] {
  const violations: Violation[] = [];
  const report = (what: string, correlationId: string) =>
    violations.push(...violation("audit", what, correlationId));

  const numbers = new Map<string, number>();
  const records = new Map<string, AuditRecord[]>();
  for (const auditRecord of audit) {
    const { writer, sequence, sspTraceId, correlationId } = auditRecord;
    const expected = (numbers.get(writer) ?? 0) + 1;
    if (sequence !== expected) report(`number ${sequence} instead of ${expected}`, correlationId);
    numbers.set(writer, sequence);
    if (sspTraceId !== undefined) {
      records.set(sspTraceId, [...(records.get(sspTraceId) ?? []), auditRecord]);
    }
  }

  for (const attempt of attempts) {
    const own = records.get(attempt.traceId) ?? [];
    const expected = attempt.end ? 1 : 0;
    if (own.length !== expected) {
      report(`${own.length} records of an attempt (${attempt.operation})`, attempt.correlationId);
    }
    for (const { outcome, correlationId } of own) {
      if (correlationId !== attempt.correlationId) report("a record of another journey", correlationId);
      if (!isOutcomeOf(attempt, outcome)) report(`${outcome} for ${attempt.fault}`, correlationId);
    }
    records.delete(attempt.traceId);
  }
  for (const [first] of records.values())
    if (first) report("a record without an attempt", first.correlationId);

  const ends = new Map(attempts.map(({ traceId, end }) => [traceId, end?.order ?? 0]));
  let previous = 0;
  for (const { sspTraceId, correlationId } of audit) {
    const order = sspTraceId === undefined ? undefined : ends.get(sspTraceId);
    if (order === undefined) continue;
    if (order < previous) report("out of order", correlationId);
    previous = order;
  }
  return violations;
}

function isOutcomeOf({ end, write }: AttemptRecord, outcome: string): boolean {
  switch (end?.kind) {
    case "succeeded":
      return outcome === "SUCCEEDED";
    case "refused":
      return outcome === "REFUSED" || outcome === "FAILED";
    default:
      return outcome === "FAILED" || (write && outcome === "UNKNOWN");
  }
}
