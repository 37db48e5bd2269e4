import { AbandonedRecords } from "../../../src/platform/audit/abandoned-records.js";
import { AuditStore, AuditWriter, verifyAudit } from "../../../src/platform/audit/index.js";
import type { Clock } from "../../../src/platform/clock.js";
import {
  AuditChain,
  type AuditEntry,
  bodyCipher,
  bodyPlace,
  type Database,
  type IntentStore,
  openStore,
  type Store,
  type StoreKeys,
  storeUnavailable,
} from "../../../src/platform/store/index.js";
import { SqlIntentStore } from "../../../src/platform/store/sql-intent-store.js";
import type { AuditRecord } from "../history.js";
import { Random } from "../kit/random.js";
import type { Scheduler } from "../kit/scheduler.js";
import type { StoreKind } from "../scenario.js";

/** What one process has of the store. */
export interface StoreConnection {
  readonly intents: IntentStore;
  readonly keys: StoreKeys;
  readonly audit: AuditStore;
  /** Closes the audit records that dead processes left open. */
  readonly abandoned: AbandonedRecords;
  /** Runs an operation of the audit with the faults of the connection. */
  through<T>(run: () => Promise<T>): Promise<T>;
}

export interface StoreParts {
  readonly kind: StoreKind;
  readonly scheduler: Scheduler;
  readonly seed: string;
  readonly faultRate: number;
  /** The path of the file store. */
  readonly path: string;
}

/** The real SQL store, which outlives the processes, behind connections that can fail before and after each operation. */
export class SharedStore {
  isDown = false;
  /** The share of store operations with a fault. */
  faultRate: number;
  readonly faults = new Map<string, number>();
  #generation = 0;

  /** Claims start apart, as random numbers do, and the same in every run of a seed. */
  #lastFirstRevision = 0;

  private constructor(
    private readonly parts: StoreParts,
    private readonly store: Store,
  ) {
    this.faultRate = parts.faultRate;
  }

  static async open(parts: StoreParts): Promise<SharedStore> {
    const store = await openStore({
      url: parts.kind === "file" ? `file:${parts.path}` : undefined,
      poolSize: 1,
      statementTimeoutMs: 5_000,
      secrets: ["a store secret for simulations only, 32 or more"],
      environment: { mode: "sandbox" },
      clock: parts.scheduler,
    });
    return new SharedStore(parts, store);
  }

  /**
   * @param isAlive of the connected process: a dead one gets no result.
   * @param keeps plants a fault: audit records of intents that do not pass are lost.
   */
  connect(isAlive: () => boolean, clock: Clock, keeps = (_: AuditEntry) => true): StoreConnection {
    const { database, keys } = this.store;
    const chain = new AuditChain(database, keys);
    const own = { chain, database, keys };
    const firstRevision = () => {
      this.#lastFirstRevision += 1_000;
      return this.#lastFirstRevision;
    };
    const intents = new SqlIntentStore({ database, chain, clock: this.parts.scheduler, firstRevision });
    const through = <T>(run: () => Promise<T>) => this.#through(isAlive, run);
    const log = { error: () => {} };
    return {
      keys,
      audit: new AuditStore({ clock, writer: new AuditWriter({ store: own, copies: [], log }) }),
      abandoned: new AbandonedRecords({ store: own, clock, stopwatch: this.parts.scheduler }),
      through,
      intents: {
        claim: (key, entry, audit) => through(() => intents.claim(key, entry, audit?.filter(keeps))),
        get: (...request) => through(() => intents.get(...request)),
        replace: (key, revision, entry, audit) =>
          through(() => intents.replace(key, revision, entry, audit?.filter(keeps))),
        remove: (key, revision, audit) => through(() => intents.remove(key, revision, audit?.filter(keeps))),
        open: () => through(() => intents.open()),
        ownerOf: (...request) => through(() => intents.ownerOf(...request)),
      },
    };
  }

  /** Ends all operations in flight with an error. Each of them may have taken effect. */
  failOver(): void {
    this.#generation += 1;
  }

  /** Plants a fault: something else than this service writes to the database. */
  tamper(work: (database: Database) => Promise<unknown>): Promise<unknown> {
    return this.parts.scheduler.hold(work(this.store.database));
  }

  /** All audit records, in the order of each writer's chain, and whether the chains are intact. */
  async readAudit(): Promise<{ readonly records: AuditRecord[]; readonly faults: readonly string[] }> {
    const { database, keys } = this.store;
    const rows = await database.read((queries) =>
      queries.selectFrom("audit_records").selectAll().orderBy("writer").orderBy("sequence").execute(),
    );
    const report = await verifyAudit(this.store, []);
    return {
      records: rows.map(({ writer, sequence, attempt, phase, outcome, body }) => {
        const text = bodyCipher(keys, writer).open(body, bodyPlace(writer, sequence));
        const record = JSON.parse(text ?? "{}") as Omit<AuditRecord, "writer" | "sequence">;
        return { ...record, writer, sequence, attempt, phase, outcome };
      }),
      faults: report.faults.map(({ kind, from, to }) => `${kind} ${from}–${to}`),
    };
  }

  /** The number of commands whose audit record is open. */
  async countOpenRecords(): Promise<number> {
    const rows = await this.store.database.read((queries) =>
      queries.selectFrom("audit_open").select("attempt").execute(),
    );
    return rows.length;
  }

  close(): Promise<void> {
    return this.store.close();
  }

  async #through<T>(isAlive: () => boolean, run: () => Promise<T>): Promise<T> {
    const { scheduler, seed } = this.parts;
    const ending = <E>(end: E): Promise<E> => (isAlive() ? Promise.resolve(end) : new Promise(() => {}));
    // The random stream depends on the time, so that removing other parts of a scenario does not change it.
    const random = new Random(seed, "store", scheduler.now());
    const startedIn = this.#generation;
    const requireSamePrimary = () => {
      if (this.#generation !== startedIn) throw this.#lose("store failed over");
    };
    await scheduler.sleep(random.between(0, 4));
    await ending(undefined);
    requireSamePrimary();
    if (this.isDown) throw this.#lose("store down");
    if (random.chance(this.faultRate / 20)) throw this.#lose("store lost before operation");
    const result = await scheduler.hold(run());
    await scheduler.sleep(random.between(0, 4));
    await ending(undefined);
    requireSamePrimary();
    if (random.chance(this.faultRate / 20)) throw this.#lose("store lost after operation");
    return result;
  }

  #lose(what: string): Error {
    this.faults.set(what, (this.faults.get(what) ?? 0) + 1);
    return storeUnavailable(new Error(what));
  }
}
