import { randomBytes, randomInt } from "node:crypto";
import type { Clock } from "../clock.js";
import { AuditChain } from "./audit-chain.js";
import { Database, type DatabaseOptions } from "./database.js";
import { requireEnvironment, type StoreEnvironment } from "./environment.js";
import type { IntentStore } from "./intent-store.js";
import { migrate } from "./migrate.js";
import { MIGRATIONS } from "./migrations/index.js";
import type { Migration } from "./migrations/migration.js";
import { SqlIntentStore } from "./sql-intent-store.js";
import { StoreStartError } from "./store-failure.js";
import { openStoreKeys, type StoreKeys } from "./store-keys.js";

export interface StoreOptions extends DatabaseOptions {
  /** `STORE_KEY`; undefined: a random one, for a store that is gone with the process. */
  readonly secrets: readonly string[] | undefined;
  readonly environment: StoreEnvironment;
  readonly clock: Clock;
  /** For tests of migrations; this program's own when left out. */
  readonly migrations?: readonly Migration[];
  /** For tests that count revisions; random when left out, see `StoredEntry`. */
  readonly firstRevision?: () => number;
}

/** The one place for what must not be lost: intents, slot claims, ownership of appointments and the audit (design section 6). */
export interface Store {
  readonly database: Database;
  readonly keys: StoreKeys;
  readonly chain: AuditChain;
  readonly intents: IntentStore;
  close(): Promise<void>;
}

/**
 * Opens the store: its schema is brought up to date, its environment and key are checked.
 *
 * @throws StoreStartError with one message for the operator: unreachable, newer schema, other environment, other key.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { secrets = [randomBytes(32).toString("base64url")], environment, clock } = options;
  let database: Database | undefined;
  try {
    database = await Database.open(options);
    const keys = await prepare(database, options.migrations ?? MIGRATIONS, secrets, environment, clock.now());
    const chain = new AuditChain(database, keys);
    const opened = database;
    return {
      database,
      keys,
      chain,
      intents: new SqlIntentStore({
        database,
        chain,
        clock,
        firstRevision: options.firstRevision ?? randomRevision,
      }),
      close: () => opened.close(),
    };
  } catch (error) {
    await database?.close().catch(() => {});
    throw toStartError(error);
  }
}

/** Half of what the column of 32 bits can hold: the other half is for changes. */
function randomRevision(): number {
  return randomInt(1, 2 ** 30);
}

async function prepare(
  database: Database,
  migrations: readonly Migration[],
  secrets: readonly string[],
  environment: StoreEnvironment,
  now: number,
): Promise<StoreKeys> {
  await database.requireDurableCommits();
  let keys: StoreKeys | undefined;
  await migrate(database, migrations, now, async (transaction) => {
    await requireEnvironment(transaction, environment);
    keys = await openStoreKeys(transaction, secrets);
  });
  if (keys === undefined) throw new Error("the store has no keys");
  return keys;
}

/** The driver's own words may name the host and the user, and never the password. */
function toStartError(error: unknown): StoreStartError {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  if (cause instanceof StoreStartError) return cause;
  const code = String((cause as { code?: unknown }).code ?? "");
  const words = cause instanceof Error ? cause.message : String(cause);
  return new StoreStartError(
    `The store at DATABASE_URL cannot be used: ${[code, words].filter(Boolean).join(" ")}`,
    {
      cause,
    },
  );
}
