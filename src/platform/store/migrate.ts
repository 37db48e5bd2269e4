import { sql } from "kysely";
import type { Database, StoreTransaction } from "./database.js";
import type { Migration } from "./migrations/migration.js";
import { StoreStartError } from "./store-failure.js";

/** Any number that only this program takes as an advisory lock: "spine" in ASCII. */
const LOCK = 0x73_70_69_6e_65;

/**
 * Brings the schema to this program's version and does what else must be done once, under one lock: of several processes that
 * start at the same time, one works and the others find it done.
 *
 * @param then runs in the same transaction, after the migrations.
 * @throws StoreStartError when the store was written by a newer program.
 */
export async function migrate(
  database: Database,
  migrations: readonly Migration[],
  now: number,
  then: (transaction: StoreTransaction) => Promise<void>,
): Promise<void> {
  await database.write(async (transaction) => {
    // SQLite's transaction holds the write lock already.
    if (database.isPostgres) await sql`select pg_advisory_xact_lock(${LOCK})`.execute(transaction);
    await sql`create table if not exists schema_migrations (version integer primary key, applied_at bigint not null)`.execute(
      transaction,
    );
    const applied = await transaction.selectFrom("schema_migrations").select("version").execute();
    const current = Math.max(0, ...applied.map(({ version }) => version));
    const newest = migrations.at(-1)?.version ?? 0;
    if (current > newest) {
      throw new StoreStartError(
        `The store at DATABASE_URL has schema version ${current}; this program knows version ${newest}. Start the newer program, or restore a backup.`,
      );
    }
    for (const { version, statements } of migrations) {
      if (version <= current) continue;
      for (const statement of statements) await sql.raw(statement).execute(transaction);
      await transaction.insertInto("schema_migrations").values({ version, applied_at: now }).execute();
    }
    await then(transaction);
  });
}
