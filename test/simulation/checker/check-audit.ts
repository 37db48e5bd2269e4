import type { AttemptRecord, AuditLine, History } from "../history.js";
import type { Violation } from "./violation.js";

/**
 * Exactly one record for each attempt, in the order in which the attempts ended, with the outcome that the wire saw; the
 * numbers of one writer without a gap. An attempt whose process died before its end has none: there was nobody to write it.
 */
export function checkAudit({ attempts, audit }: History): Violation[] {
  const broken: Violation[] = [];
  const note = (what: string, correlationId: string) =>
    broken.push({ rule: "audit", what, asks: [correlationId] });

  const numbers = new Map<string, number>();
  const records = new Map<string, AuditLine[]>();
  for (const line of audit) {
    const { writer, sequence, sspTraceId, correlationId } = line;
    const expected = (numbers.get(writer) ?? 0) + 1;
    if (sequence !== expected) note(`number ${sequence} where ${expected} was due`, correlationId);
    numbers.set(writer, sequence);
    if (sspTraceId !== undefined) records.set(sspTraceId, [...(records.get(sspTraceId) ?? []), line]);
  }

  for (const attempt of attempts) {
    const of = records.get(attempt.traceId) ?? [];
    const due = attempt.end ? 1 : 0;
    if (of.length !== due)
      note(`${of.length} records of an attempt (${attempt.operation})`, attempt.correlationId);
    for (const { outcome, correlationId } of of) {
      if (correlationId !== attempt.correlationId) note("a record of another journey", correlationId);
      if (!isTrue(attempt, outcome)) note(`${outcome} for ${attempt.fault}`, correlationId);
    }
    records.delete(attempt.traceId);
  }
  for (const [line] of records.values()) if (line) note("a record of no attempt", line.correlationId);

  const ends = new Map(attempts.map(({ traceId, end }) => [traceId, end?.order ?? 0]));
  let last = 0;
  for (const { sspTraceId, correlationId } of audit) {
    const order = sspTraceId === undefined ? undefined : ends.get(sspTraceId);
    if (order === undefined) continue;
    if (order < last) note("out of order", correlationId);
    last = order;
  }
  return broken;
}

function isTrue({ end, write }: AttemptRecord, outcome: string): boolean {
  switch (end?.kind) {
    case "answered":
      return outcome === "SUCCEEDED";
    case "refused":
      return outcome === "REFUSED" || outcome === "FAILED";
    default:
      return outcome === "FAILED" || (write && outcome === "UNKNOWN");
  }
}
