import type { AttemptRecord, AuditRecord, History } from "../history.js";
import { type Violation, violation } from "./violation.js";

/**
 * The hash chains are intact, and the numbers of one writer have no gap. Each attempt has exactly one record, with the
 * outcome on the wire; only a process that was killed may have lost the records of its reads. Each command that was sent
 * has a record that was opened before it left, and at the end each of these has one that closes it.
 */
export function checkAudit(history: History): Violation[] {
  return [
    ...history.auditFaults.flatMap((fault) => violation("audit", `the chain is not intact: ${fault}`)),
    ...checkSequences(history),
    ...checkAttempts(history),
    ...checkCommands(history),
  ];
}

function checkSequences({ audit }: History): Violation[] {
  const numbers = new Map<string, number>();
  return audit.flatMap(({ writer, sequence, correlationId }) => {
    const expected = (numbers.get(writer) ?? 0) + 1;
    numbers.set(writer, sequence);
    if (sequence === expected) return [];
    return violation("audit", `number ${sequence} instead of ${expected}`, correlationId);
  });
}

function checkAttempts({ attempts, audit, deaths }: History): Violation[] {
  const violations: Violation[] = [];
  const report = (what: string, correlationId: string) =>
    violations.push(...violation("audit", what, correlationId));
  const records = new Map<string, AuditRecord[]>();
  for (const auditRecord of audit) {
    const { sspTraceId } = auditRecord;
    if (sspTraceId !== undefined) {
      records.set(sspTraceId, [...(records.get(sspTraceId) ?? []), auditRecord]);
    }
  }
  for (const attempt of attempts) {
    const own = records.get(attempt.traceId) ?? [];
    const isLost = own.length === 0 && (attempt.end === undefined || deaths.has(attempt.process));
    if (own.length !== 1 && !isLost) {
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

/** The records of commands are opened with their intents, and all are closed in the end. */
function checkCommands({ attempts, audit, openAuditRecords }: History): Violation[] {
  const opened = new Set(
    audit.filter(({ phase }) => phase === "opened").map(({ correlationId }) => correlationId),
  );
  const unopened = new Set(
    attempts
      .filter(({ write, correlationId }) => write && !opened.has(correlationId))
      .map(({ correlationId }) => correlationId),
  );
  return [
    ...[...unopened].flatMap((correlationId) =>
      violation("audit", "no record was opened for a command", correlationId),
    ),
    ...checkClosed(audit),
    ...(openAuditRecords > 0
      ? violation("audit", `${openAuditRecords} records of commands are still open`)
      : []),
  ];
}

/**
 * Each opened record has exactly one record of the same attempt that says how the command ended, whatever the store
 * believes is open. If the process died, another record may come before it that says so.
 */
function checkClosed(audit: History["audit"]): Violation[] {
  const closings = new Map<string, AuditRecord[]>();
  for (const auditRecord of audit) {
    const { phase, attempt } = auditRecord;
    if (phase === "closed") closings.set(attempt, [...(closings.get(attempt) ?? []), auditRecord]);
  }
  return audit.flatMap(({ phase, attempt, correlationId }) => {
    if (phase !== "opened") return [];
    const own = closings.get(attempt) ?? [];
    const ended = own.filter(({ reason }) => reason === "PROCESS_ENDED").length;
    const closed = own.length - ended;
    if (closed === 1 && ended <= 1) return [];
    return violation(
      "audit",
      `a command was closed ${closed} times, and its process ended ${ended} times`,
      correlationId,
    );
  });
}
