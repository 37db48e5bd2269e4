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
 * @throws StoreStartError when a newer program has changed the schema, and not only expanded it.
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
    if (current > newest && (await oldestProgram(transaction, current)) > newest) {
      throw new StoreStartError(
        `The store at DATABASE_URL has schema version ${current}; this program knows version ${newest}. Start the newer program, or restore a backup.`,
      );
    }
    for (const { version, statements, oldestProgram: oldest = version } of migrations) {
      if (version <= current) continue;
      for (const statement of statements) await sql.raw(statement).execute(transaction);
      await transaction.insertInto("schema_migrations").values({ version, applied_at: now }).execute();
      await saveOldestProgram(transaction, oldest);
    }
    await then(transaction);
  });
}

/** The fact under which the store says who can still use it. */
const OLDEST_PROGRAM = "oldest program";

/** A store without the fact was changed by programs that every older one must stay away from. */
async function oldestProgram(transaction: StoreTransaction, current: number): Promise<number> {
  const fact = await transaction
    .selectFrom("store_facts")
    .select("value")
    .where("name", "=", OLDEST_PROGRAM)
    .executeTakeFirst();
  return fact === undefined ? current : Number(fact.value);
}

/** A step that older programs cannot follow stays so, whatever later steps say. */
async function saveOldestProgram(transaction: StoreTransaction, oldest: number): Promise<void> {
  const before = await oldestProgram(transaction, 0);
  const row = { name: OLDEST_PROGRAM, value: String(Math.max(before, oldest)) };
  await transaction
    .insertInto("store_facts")
    .values(row)
    .onConflict((conflict) => conflict.column("name").doUpdateSet({ value: row.value }))
    .execute();
}
