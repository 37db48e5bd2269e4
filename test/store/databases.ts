import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore, type Store, type StoreOptions } from "../../src/platform/store/index.js";
import { TestClock } from "../support/call-context.js";
import type { TestPostgres } from "../support/postgres.js";

export const STORE_SECRET = "a store secret that only tests know, 32 or more";

/** A new database of either kind, and processes that use it. */
export interface TestDatabase {
  readonly url: string;
  readonly clock: TestClock;
  open(options?: Partial<StoreOptions>): Promise<Store>;
  close(): Promise<void>;
}

/** @param url of an empty database. @param remove takes the database away once every store is closed. */
function testDatabase(url: string, remove: () => void): TestDatabase {
  const clock = new TestClock();
  const opened: Store[] = [];
  return {
    url,
    clock,
    async open(options = {}) {
      const store = await openStore({
        url,
        poolSize: 4,
        statementTimeoutMs: 5_000,
        secrets: [STORE_SECRET],
        environment: { mode: "sandbox" },
        clock,
        firstRevision: () => 1,
        ...options,
      });
      opened.push(store);
      return store;
    },
    async close() {
      // A test may have closed one itself.
      await Promise.all(opened.map((store) => store.close().catch(() => {})));
      remove();
    },
  };
}

export async function createSqliteDatabase(): Promise<TestDatabase> {
  const folder = mkdtempSync(join(tmpdir(), "spine-graph-store-"));
  return testDatabase(`file:${join(folder, "store.db")}`, () =>
    rmSync(folder, { recursive: true, force: true }),
  );
}

export async function createPostgresDatabase(postgres: TestPostgres): Promise<TestDatabase> {
  return testDatabase(await postgres.createDatabase(), () => {});
}
