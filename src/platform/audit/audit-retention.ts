import { createHmac } from "node:crypto";
import type { ChainHead, Database, StoreTransaction } from "../store/index.js";

/** Where a chain begins after its older records were removed by retention. */
export interface ChainBeginning extends ChainHead {
  readonly writer: string;
  readonly signature: string;
}

export function signBeginning(
  chainKey: Buffer,
  writer: string,
  { sequence, hash }: ChainHead,
): ChainBeginning {
  const text = JSON.stringify(["beginning", writer, sequence, hash]);
  return {
    writer,
    sequence,
    hash,
    signature: createHmac("sha256", chainKey).update(text).digest("base64url"),
  };
}

/**
 * Removes records that are older than the cut-off, from the beginning of each writer's chain, and signs where it begins
 * now: what somebody else removes is still found.
 *
 * @returns how many were removed.
 */
export async function forgetOldRecords(
  database: Database,
  chainKey: Buffer,
  before: number,
): Promise<number> {
  const writers = await database.read((queries) =>
    queries.selectFrom("audit_records").select("writer").where("time", "<", before).distinct().execute(),
  );
  let removed = 0;
  for (const { writer } of writers) {
    removed += await database.write((transaction) => forgetOf(transaction, writer, chainKey, before));
  }
  return removed;
}

async function forgetOf(
  transaction: StoreTransaction,
  writer: string,
  chainKey: Buffer,
  before: number,
): Promise<number> {
  const records = () => transaction.selectFrom("audit_records").where("writer", "=", writer);
  // A clock that was set back must not tear a hole: only what lies before the first record that is kept goes.
  const kept = await records()
    .select("sequence")
    .where("time", ">=", before)
    .orderBy("sequence")
    .limit(1)
    .execute();
  const last = await records()
    .select(["sequence", "hash"])
    .$if(kept.length > 0, (query) => query.where("sequence", "<", kept[0]?.sequence ?? 0))
    .orderBy("sequence", "desc")
    .limit(1)
    .executeTakeFirst();
  if (last === undefined) return 0;
  const text = JSON.stringify(signBeginning(chainKey, writer, last));
  await transaction
    .insertInto("audit_starts")
    .values({ writer, text })
    .onConflict((conflict) => conflict.column("writer").doUpdateSet({ text }))
    .execute();
  await transaction
    .deleteFrom("audit_checkpoints")
    .where("writer", "=", writer)
    .where("sequence", "<", last.sequence)
    .execute();
  const gone = await transaction
    .deleteFrom("audit_records")
    .where("writer", "=", writer)
    .where("sequence", "<=", last.sequence)
    .executeTakeFirst();
  return Number(gone.numDeletedRows);
}
