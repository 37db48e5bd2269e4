import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { parseNhsNumber } from "../../domain/nhs-number.js";
import {
  type AuditQuestion,
  findLines,
  findRecords,
  readCheckpoints,
  type SignedCheckpoint,
  verifyAudit,
  verifyAuditLines,
} from "../../platform/audit/index.js";
import { type OperatorContext, OperatorError } from "./operator-context.js";

const USAGE = `npm run audit -- verify [--checkpoints FILE] [--lines FILE]
npm run audit -- patient NUMBER [--by NAME] [--lines FILE]
npm run audit -- user ID [--by NAME] [--lines FILE]

verify        checks every record, and each chain's end against the checkpoints of the store, of AUDIT_CHECKPOINT_FILE
              and of FILE (a log or a checkpoint file). --lines also checks a file that AUDIT_FILE wrote.
patient       who looked at this patient: one line of JSON for each record, in order of time.
user          what this person did.
              --lines also reads a file that AUDIT_FILE wrote: a process that ended while the database was away may have left
              records there that the database lacks.
--by          your name; the question itself is audited. Not given: the name of the system's user.`;

/** `npm run audit`. @returns 1 when the audit does not verify. */
export async function auditCommand(context: OperatorContext): Promise<number> {
  const [task, subject, ...more] = context.options.words;
  if (more.length > 0) throw new OperatorError(USAGE);
  if (task === "verify" && subject === undefined) return verify(context);
  if (task === "patient" && subject !== undefined) {
    const nhsNumber = parseNhsNumber(subject);
    if (nhsNumber === undefined) throw new OperatorError("This is not an NHS number.");
    context.trail.record({ operation: "audit patient", outcome: "SUCCEEDED", nhsNumber });
    return find({ kind: "patient", nhsNumber }, context);
  }
  if (task === "user" && subject !== undefined) {
    context.trail.record({ operation: "audit user", outcome: "SUCCEEDED" });
    return find({ kind: "user", id: subject }, context);
  }
  throw new OperatorError(USAGE);
}

async function verify({ config, store, options, trail, print }: OperatorContext): Promise<number> {
  const configured = config.AUDIT_CHECKPOINT_FILE;
  const isThere = configured !== undefined && existsSync(configured);
  if (configured !== undefined && !isThere) print(`AUDIT_CHECKPOINT_FILE is not there: ${configured}`);
  const files = [isThere ? configured : undefined, options.named.checkpoints];
  const outside = files.flatMap((file) => (file === undefined ? [] : readCheckpointFile(file)));
  const report = await verifyAudit(store, outside);
  const { lines } = options.named;
  const inFile = lines === undefined ? [] : verifyAuditLines(readFileSync(lines, "utf8"), store.keys);
  const faults = [...report.faults, ...inFile];
  for (const { words } of faults) print(words);
  print(
    `${report.records} records of ${report.writers} writers, ${report.checkpoints} checkpoints, ${outside.length} of them from outside the store: ${faults.length === 0 ? "nothing was changed" : `${faults.length} faults`}`,
  );
  if (outside.length === 0) {
    print(
      "No checkpoint from outside the store was given: a cut-off end may not be found. Use --checkpoints.",
    );
  }
  trail.record({ operation: "audit verify", outcome: faults.length === 0 ? "SUCCEEDED" : "FAILED" });
  return faults.length === 0 ? 0 : 1;
}

async function find(
  question: AuditQuestion,
  { store, options, print, trail }: OperatorContext,
): Promise<number> {
  // The question is on disk before its response is shown.
  await trail.commit();
  const ids = question.kind === "user" ? [question.id, localIdOf(question.id)] : [];
  const questions: AuditQuestion[] =
    question.kind === "patient" ? [question] : [...new Set(ids)].map((id) => ({ kind: "user", id }));
  const { lines } = options.named;
  const file = lines === undefined ? "" : readFileSync(lines, "utf8");
  const printed = new Set<string>();
  for (const each of questions) {
    for (const { record, ...place } of [
      ...(await findRecords(store, each)),
      ...findLines(file, each, store.keys),
    ]) {
      // The file has a copy of each record of the database.
      const part = `${place.attempt} ${place.phase}`;
      if (printed.has(part)) continue;
      printed.add(part);
      print(JSON.stringify({ ...place, ...(record ?? { unreadable: true }) }));
    }
  }
  print(`${printed.size} records`);
  return 0;
}

/** The id under which a subject is known that is no FHIR id: see `auth/claims.ts`. */
function localIdOf(subject: string): string {
  return createHash("sha256").update(subject).digest("hex");
}

function readCheckpointFile(file: string): SignedCheckpoint[] {
  if (!existsSync(file)) throw new OperatorError(`There is no file ${file}.`);
  return readCheckpoints(readFileSync(file, "utf8"));
}
