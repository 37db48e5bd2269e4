import type { SelectQueryBuilder } from "kysely";
import {
  type AuditRecordRow,
  auditLookups,
  bodyCipher,
  bodyPlace,
  type Store,
  type Tables,
} from "../store/index.js";

/** One record as the people who may read it see it. */
export interface FoundRecord {
  readonly writer: string;
  readonly sequence: number;
  readonly attempt: string;
  readonly phase: string;
  readonly outcome: string;
  /** Undefined when the text was altered and cannot be opened. */
  readonly record: Readonly<Record<string, unknown>> | undefined;
}

type RecordQuery = SelectQueryBuilder<Tables, "audit_records", AuditRecordRow>;

export type AuditQuestion =
  | { readonly kind: "patient"; readonly nhsNumber: string }
  | { readonly kind: "user"; readonly id: string };

/** Who looked at this patient, or what did this person do: in order of time. */
export async function findRecords(
  { database, keys }: Pick<Store, "database" | "keys">,
  question: AuditQuestion,
): Promise<FoundRecord[]> {
  const lookups = auditLookups(keys);
  const rows = await database.read((queries) => {
    const records = queries.selectFrom("audit_records").selectAll();
    if (question.kind === "patient") {
      return byTime(records.where("patient", "=", lookups.patient(question.nhsNumber))).execute();
    }
    const id = lookups.user(question.id);
    return byTime(
      records.where((where) => where.or([where("person", "=", id), where("smartcard", "=", id)])),
    ).execute();
  });
  return rows.map((row) => toFound(row, keys));
}

/** In order of time; of the records of one moment an opened one comes before the one that closes it. */
function byTime(query: RecordQuery): RecordQuery {
  return query.orderBy("time").orderBy("phase", "desc").orderBy("writer").orderBy("sequence");
}

function toFound(row: AuditRecordRow, keys: Store["keys"]): FoundRecord {
  const { writer, sequence, attempt, phase, outcome } = row;
  const text = bodyCipher(keys, writer).open(row.body, bodyPlace(writer, sequence));
  return {
    writer,
    sequence,
    attempt,
    phase,
    outcome,
    record: text === undefined ? undefined : (JSON.parse(text) as Record<string, unknown>),
  };
}
