import { Kysely, sql, type Transaction } from "kysely";
import { SpineGraphError } from "../errors.js";
import { createSqliteDialect } from "./sqlite-dialect.js";
import { StoreStartError, storeUnavailable } from "./store-failure.js";
import type { Tables } from "./tables.js";

/** What a query is made on inside a transaction. */
export type StoreTransaction = Transaction<Tables>;
/** What a query is made on, inside a transaction or not. */
export type StoreQueries = Kysely<Tables>;

export interface DatabaseOptions {
  /** `file:…` or `postgres://…`; undefined: SQLite in memory. */
  readonly url: string | undefined;
  readonly poolSize: number;
  readonly statementTimeoutMs: number;
}

/** Thrown inside a transaction to undo it and give a result all the same. */
class RolledBack<T> extends Error {
  constructor(readonly result: T) {
    super("rolled back");
  }
}

/** PostgreSQL's codes for a transaction that lost against another and may be tried again: serialisation, deadlock. */
const LOST_AGAINST_ANOTHER = new Set(["40001", "40P01"]);
const MAX_TRIES = 3;

/**
 * The SQL database behind the store. Every failure comes out as the store's own `UpstreamError`; what was confirmed is
 * on disk.
 */
export class Database {
  /** What was last seen of it; no query is made to find out. */
  #isUp = true;

  private constructor(
    readonly queries: StoreQueries,
    readonly isPostgres: boolean,
  ) {}

  /** @throws when an SQLite file cannot be opened. PostgreSQL is connected later. */
  static async open({ url, poolSize, statementTimeoutMs }: DatabaseOptions): Promise<Database> {
    if (url === undefined || !isPostgresUrl(url)) {
      const dialect = createSqliteDialect({ path: url === undefined ? undefined : sqlitePath(url) });
      return new Database(new Kysely<Tables>({ dialect }), false);
    }
    // Its client is loaded where it is used only: a start with SQLite does not pay for it.
    const { createPostgresDialect } = await import("./postgres-dialect.js");
    const dialect = createPostgresDialect({ url, poolSize, statementTimeoutMs });
    return new Database(new Kysely<Tables>({ dialect }), true);
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  /** @throws UpstreamError of service `STORE`. */
  read<T>(query: (queries: StoreQueries) => Promise<T>): Promise<T> {
    return this.#noting(() => query(this.queries));
  }

  /**
   * One transaction: all of it is confirmed or, when anything throws, nothing.
   *
   * @param work is run again after it lost against another transaction, so it must have no other effect.
   * @throws UpstreamError of service `STORE`; after a lost connection the transaction may have been committed.
   */
  async write<T>(work: (transaction: StoreTransaction) => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.#noting(() => this.queries.transaction().execute(work));
      } catch (error) {
        const code: unknown = (error as { cause?: { code?: unknown } }).cause?.code;
        if (tries >= MAX_TRIES || !LOST_AGAINST_ANOTHER.has(String(code))) throw error;
      }
    }
  }

  /** Undoes the transaction under way; {@link write} then resolves with the result. */
  undo<T>(result: T): never {
    throw new RolledBack(result);
  }

  /** Whether the database can be queried now. */
  async check(): Promise<boolean> {
    try {
      await this.read((queries) => sql`select 1`.execute(queries));
      return true;
    } catch {
      return false;
    }
  }

  /**
   * A PostgreSQL that confirms commits before they are on its disk would lose what was confirmed.
   *
   * @throws StoreStartError when it does.
   */
  async requireDurableCommits(): Promise<void> {
    if (!this.isPostgres) return;
    const shown = await this.read((queries) =>
      sql<{ readonly synchronous_commit: string }>`show synchronous_commit`.execute(queries),
    );
    if (shown.rows[0]?.synchronous_commit === "off") {
      throw new StoreStartError(
        "The database at DATABASE_URL confirms commits before they are on disk (synchronous_commit = off): set it to on.",
      );
    }
  }

  async close(): Promise<void> {
    await this.queries.destroy();
  }

  async #noting<T>(work: () => Promise<T>): Promise<T> {
    try {
      const result = await work();
      this.#isUp = true;
      return result;
    } catch (error) {
      if (error instanceof RolledBack) return error.result as T;
      if (error instanceof SpineGraphError || error instanceof StoreStartError) throw error;
      this.#isUp = false;
      throw storeUnavailable(error);
    }
  }
}

export function isPostgresUrl(url: string): boolean {
  return /^postgres(ql)?:/i.test(url);
}

/** `file:relative/path`, `file:/absolute` and `file:///absolute`, as SQLite's own file names. */
export function sqlitePath(url: string): string {
  return url.replace(/^file:(\/\/(localhost)?(?=\/))?/i, "").replace(/\?.*$/, "");
}
