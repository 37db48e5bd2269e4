import type { Clock } from "../clock.js";
import type { AuditChain } from "./audit-chain.js";
import type { AuditEntry } from "./audit-entry.js";
import type { Database, StoreQueries, StoreTransaction } from "./database.js";
import type { ClaimResult, IntentEntry, IntentStore, ReplaceResult, StoredEntry } from "./intent-store.js";
import { isLeftBehind } from "./left-behind.js";
import { keepSlotClaims, slotClaimsOf } from "./slot-claims.js";
import type { IntentRow } from "./tables.js";

export interface SqlIntentStoreParts {
  readonly database: Database;
  readonly chain: AuditChain;
  readonly clock: Clock;
  readonly firstRevision: () => number;
}

/** The intents of this deployment in SQL: entry, slot claims and audit records of a change are one transaction. */
export class SqlIntentStore implements IntentStore {
  constructor(private readonly parts: SqlIntentStoreParts) {}

  claim(key: string, entry: IntentEntry, audit: readonly AuditEntry[] = []): Promise<ClaimResult> {
    const { chain, clock, database, firstRevision } = this.parts;
    return chain.write<ClaimResult>(async (transaction, append) => {
      const now = clock.now();
      const revision = firstRevision();
      const isInserted = await insertUnlessThere(transaction, toRow(key, revision, entry), now);
      if (!isInserted) {
        const by = await this.#read(transaction, key);
        // Removed between the two statements, by another process: its caller may try again.
        if (by === undefined) throw new Error("an intent went away while it was claimed");
        return { kind: "taken", by };
      }
      // What an expired entry of the same key left behind.
      await transaction.deleteFrom("result_owners").where("intent_key", "=", key).execute();
      await this.#keepParts(transaction, key, entry, now, database.undo);
      if (audit.length > 0) await append(audit);
      return { kind: "claimed", revision };
    });
  }

  get(key: string): Promise<StoredEntry | undefined> {
    return this.#readInTurn((queries) => this.#read(queries, key));
  }

  replace(
    key: string,
    revision: number,
    entry: IntentEntry,
    audit: readonly AuditEntry[] = [],
  ): Promise<ReplaceResult> {
    const { chain, clock, database } = this.parts;
    return chain.write<ReplaceResult>(async (transaction, append) => {
      const now = clock.now();
      const replaced = await transaction
        .updateTable("intents")
        .set(toRow(key, revision + 1, entry))
        .where("key", "=", key)
        .where("revision", "=", revision)
        .where("expires_at", ">", now)
        .returning("key")
        .execute();
      if (replaced.length === 0) return { kind: "stale" };
      await this.#keepParts(transaction, key, entry, now, database.undo);
      if (audit.length > 0) await append(audit);
      return { kind: "replaced" };
    });
  }

  remove(key: string, revision: number, audit: readonly AuditEntry[] = []): Promise<boolean> {
    const { chain, clock } = this.parts;
    return chain.write(async (transaction, append) => {
      const removed = await transaction
        .deleteFrom("intents")
        .where("key", "=", key)
        .where("revision", "=", revision)
        .where("expires_at", ">", clock.now())
        .returning("key")
        .execute();
      if (removed.length === 0) return false;
      await dropParts(transaction, [key]);
      if (audit.length > 0) await append(audit);
      return true;
    });
  }

  open(): Promise<readonly StoredEntry[]> {
    const { clock } = this.parts;
    return this.#readInTurn(async (queries) => {
      const rows = await queries
        .selectFrom("intents")
        .selectAll()
        .where("open", "=", 1)
        .where("expires_at", ">", clock.now())
        .execute();
      const claims = await slotClaimsOf(
        queries,
        rows.map(({ key }) => key),
      );
      return rows.map((row) => toEntry(row, claims.get(row.key) ?? []));
    });
  }

  ownerOf(result: string): Promise<string | undefined> {
    const { clock } = this.parts;
    return this.#readInTurn(async (queries) => {
      const owner = await queries
        .selectFrom("result_owners")
        .innerJoin("intents", "intents.key", "result_owners.intent_key")
        .select("intents.key")
        .where("result_owners.result", "=", result)
        .where("intents.expires_at", ">", clock.now())
        .executeTakeFirst();
      return owner?.key;
    });
  }

  #readInTurn<T>(query: (queries: StoreQueries) => Promise<T>): Promise<T> {
    const { chain, database } = this.parts;
    return chain.inTurn(() => database.read(query));
  }

  async #read(queries: StoreQueries, key: string): Promise<StoredEntry | undefined> {
    const row = await queries
      .selectFrom("intents")
      .selectAll()
      .where("key", "=", key)
      .where("expires_at", ">", this.parts.clock.now())
      .executeTakeFirst();
    return row && toEntry(row, (await slotClaimsOf(queries, [key])).get(key) ?? []);
  }

  async #keepParts(
    transaction: StoreTransaction,
    key: string,
    { slotClaims, result }: IntentEntry,
    now: number,
    undo: Database["undo"],
  ): Promise<void> {
    await keepSlotClaims(transaction, { key, claims: slotClaims, now }, undo);
    if (result !== undefined) await ownUnlessOwned(transaction, key, result, now);
  }
}

/** Forgets intents whose time is over, with what belonged to them. @returns how many. */
export async function forgetExpiredIntents(database: Database, now: number): Promise<number> {
  return database.write(async (transaction) => {
    const gone = await transaction
      .deleteFrom("intents")
      .where("expires_at", "<=", now)
      .returning("key")
      .execute();
    const keys = gone.map(({ key }) => key);
    for (let from = 0; from < keys.length; from += 1_000) {
      await dropParts(transaction, keys.slice(from, from + 1_000));
    }
    return keys.length;
  });
}

/** One statement, so that of several processes one inserts; an expired entry gives way. */
async function insertUnlessThere(
  transaction: StoreTransaction,
  row: IntentRow,
  now: number,
): Promise<boolean> {
  const inserted = await transaction
    .insertInto("intents")
    .values(row)
    .onConflict((conflict) => conflict.column("key").doUpdateSet(row).where("intents.expires_at", "<=", now))
    .returning("key")
    .execute();
  return inserted.length > 0;
}

async function ownUnlessOwned(
  transaction: StoreTransaction,
  key: string,
  result: string,
  now: number,
): Promise<void> {
  await transaction
    .insertInto("result_owners")
    .values({ result, intent_key: key })
    .onConflict((conflict) =>
      conflict.column("result").doUpdateSet({ intent_key: key }).where(isLeftBehind("result_owners", now)),
    )
    .execute();
}

async function dropParts(transaction: StoreTransaction, keys: readonly string[]): Promise<void> {
  await transaction.deleteFrom("slot_claims").where("intent_key", "in", keys).execute();
  await transaction.deleteFrom("result_owners").where("intent_key", "in", keys).execute();
}

function toRow(key: string, revision: number, { text, open, expiresAt, result }: IntentEntry): IntentRow {
  return { key, revision, text, open: open ? 1 : 0, expires_at: expiresAt, result: result ?? null };
}

function toEntry(row: IntentRow, slotClaims: readonly string[]): StoredEntry {
  const { key, revision, text, open, expires_at, result } = row;
  return {
    key,
    revision,
    text,
    open: open === 1,
    expiresAt: expires_at,
    slotClaims,
    ...(result !== null && { result }),
  };
}
