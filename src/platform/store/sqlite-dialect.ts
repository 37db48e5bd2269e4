import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout } from "node:timers/promises";
import {
  type DatabaseConnection,
  type Driver,
  type SqliteDatabase,
  SqliteDialect,
  SqliteDriver,
  type SqliteStatement,
} from "kysely";
import Libsql from "libsql";
import { LRUCache } from "lru-cache";

/** How long one process waits for another's write transaction on the same file. */
const BUSY_MS = 5_000;
const LONGEST_PAUSE_MS = 20;

export interface SqliteOptions {
  /** Undefined: a store in memory, gone with the process. */
  readonly path: string | undefined;
  readonly busyMs?: number;
}

/**
 * SQLite with every commit on the disk before it is confirmed (write-ahead log, `synchronous=FULL`).
 *
 * @throws the library's error when the file cannot be opened.
 */
export function createSqliteDialect({ path, busyMs = BUSY_MS }: SqliteOptions): SqliteDialect {
  if (path !== undefined) {
    mkdirSync(dirname(path), { recursive: true });
    // SQLite gives its log and index files the mode of the database.
    closeSync(openSync(path, "a", 0o600));
  }
  const database = new Libsql(path ?? ":memory:", { timeout: busyMs });
  database.exec(`pragma busy_timeout = ${busyMs}`);
  if (path !== undefined) {
    // Another process that opens the file at the same moment may hold it; the time-out covers that.
    database.exec("pragma journal_mode = wal");
    database.exec("pragma synchronous = full");
  }
  database.exec("pragma busy_timeout = 0");
  return new ImmediateSqliteDialect(database, busyMs);
}

/** Statements that stay prepared: a program has few texts, and preparing one takes as long as running it. */
const MAX_STATEMENTS = 100;

/** The database with prepared statements that are used again. One that failed is not, since it may be unfinished. */
function keepStatements(database: Libsql.Database): SqliteDatabase {
  const kept = new LRUCache<string, SqliteStatement>({ max: MAX_STATEMENTS });
  const prepare = (sql: string): SqliteStatement => {
    const statement = database.prepare(sql);
    const running = <T>(run: () => T): T => {
      try {
        return run();
      } catch (error) {
        kept.delete(sql);
        throw error;
      }
    };
    const reader = statement.reader;
    return {
      reader,
      all: (parameters) => running(() => statement.all(parameters)),
      run: (parameters) => running(() => statement.run(parameters)),
      iterate: (parameters) => statement.iterate(parameters) as IterableIterator<unknown>,
    };
  };
  return {
    close: () => database.close(),
    prepare(sql) {
      const known = kept.get(sql);
      if (known !== undefined) return known;
      const statement = prepare(sql);
      kept.set(sql, statement);
      return statement;
    },
  };
}

/** Another connection holds the write lock. */
function isBusy(error: unknown): boolean {
  return String((error as { code?: unknown }).code).startsWith("SQLITE_BUSY");
}

class ImmediateSqliteDialect extends SqliteDialect {
  constructor(
    private readonly database: Libsql.Database,
    private readonly busyMs: number,
  ) {
    super({ database });
  }

  override createDriver(): Driver {
    return new ImmediateSqliteDriver(this.database, this.busyMs);
  }
}

/** Takes the write lock when a transaction begins: one that reads first would fail when it comes to write. */
class ImmediateSqliteDriver extends SqliteDriver {
  constructor(
    private readonly database: Libsql.Database,
    private readonly busyMs: number,
  ) {
    super({ database: keepStatements(database) });
  }

  /** Waits for other processes without holding up this one's event loop, as the library's own wait would. */
  override async beginTransaction(): Promise<void> {
    const until = performance.now() + this.busyMs;
    for (let pause = 1; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
      try {
        // A prepared statement that met a lock would stay unfinished, and no commit could follow.
        this.database.exec("begin immediate");
        return;
      } catch (error) {
        if (!isBusy(error) || performance.now() > until) throw error;
      }
      await setTimeout(pause * (0.5 + Math.random()));
    }
  }

  /** A full disk makes SQLite roll back by itself. The library ends the process when a closed database is used. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.database.open && this.database.inTransaction) await super.rollbackTransaction(connection);
  }

  override async destroy(): Promise<void> {
    if (this.database.open) await super.destroy();
  }
}
