import { CompiledQuery } from "kysely";
import type { StoreTransaction } from "./database.js";
import type { AuditRecordRow } from "./tables.js";

/** Below the 32,766 parameters that SQLite takes in one statement. */
const ROWS_A_STATEMENT = 500;

const COLUMNS = [
  "writer",
  "sequence",
  "time",
  "attempt",
  "phase",
  "outcome",
  "patient",
  "person",
  "smartcard",
  "organisation",
  "correlation",
  "body",
  "hash",
] as const satisfies readonly (keyof AuditRecordRow)[];

/**
 * Inserts rows with few statements. The statement is text of our own, since every request ends with it: building it with
 * the query builder takes longer than SQLite takes to insert the rows.
 */
export async function insertAuditRecords(
  transaction: StoreTransaction,
  rows: readonly AuditRecordRow[],
  isPostgres: boolean,
): Promise<void> {
  for (let from = 0; from < rows.length; from += ROWS_A_STATEMENT) {
    const some = rows.slice(from, from + ROWS_A_STATEMENT);
    const parameters: (string | number | null)[] = [];
    for (const row of some) for (const column of COLUMNS) parameters.push(row[column]);
    await transaction.executeQuery(CompiledQuery.raw(toStatement(some.length, isPostgres), parameters));
  }
}

function toStatement(rows: number, isPostgres: boolean): string {
  const placeholder = isPostgres ? (index: number) => `$${index + 1}` : () => "?";
  const values = Array.from({ length: rows }, (_, row) => {
    const placeholders = COLUMNS.map((_column, column) => placeholder(row * COLUMNS.length + column));
    return `(${placeholders.join(",")})`;
  });
  return `insert into audit_records (${COLUMNS.join(",")}) values ${values.join(",")}`;
}
