import type { Clock } from "../clock.js";
import { forgetExpiredIntents, type Store } from "../store/index.js";
import type { Log } from "../telemetry/log.js";
import { AbandonedRecords } from "./abandoned-records.js";
import { forgetOldRecords } from "./audit-retention.js";
import type { AuditStore } from "./audit-store.js";
import { Checkpoints } from "./checkpoints.js";

export interface AuditUpkeepOptions {
  readonly store: Store;
  readonly audit: AuditStore;
  readonly clock: Clock;
  readonly stopwatch: Clock;
  readonly log: Pick<Log, "info" | "warn">;
  readonly checkpointFile?: string | undefined;
  /** `AUDIT_RETENTION_DAYS`; undefined: records are kept. */
  readonly retentionDays?: number | undefined;
}

const FLUSH_MS = 1_000;
const BEAT_MS = 15_000;
const CHECKPOINT_MS = 60_000;
const RETENTION_MS = 60 * 60_000;
const DAY_MS = 24 * 60 * 60_000;

/** What must be done for the store and its audit from time to time, whether or not anybody sends a request. */
export class AuditUpkeep {
  readonly checkpoints: Checkpoints;
  readonly abandoned: AbandonedRecords;
  #timers: NodeJS.Timeout[] = [];
  #hasTold = false;
  #isLeader = () => true;

  constructor(private readonly options: AuditUpkeepOptions) {
    const { store, clock, stopwatch, log, checkpointFile: file } = options;
    this.checkpoints = new Checkpoints({ store, clock, log, file });
    this.abandoned = new AbandonedRecords({ store, clock, stopwatch });
  }

  /**
   * Keeps no process alive.
   *
   * @param isLeader whether this process also cleans up after others. Of several processes that share a store on one
   *   machine, one does.
   */
  start(isLeader = this.#isLeader): void {
    this.#isLeader = isLeader;
    const every = (ms: number, work: () => Promise<unknown>) =>
      this.#timers.push(setInterval(() => void this.#attempt(work), ms).unref());
    every(FLUSH_MS, () => this.options.audit.flush());
    every(BEAT_MS, () => this.beat());
    every(CHECKPOINT_MS, () => this.checkpoints.write());
    every(RETENTION_MS, async () => {
      if (this.#isLeader()) await this.forget();
    });
  }

  /** Confirms what is left and states where the chain ends. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#timers = [];
    await this.#attempt(() => this.options.audit.flush());
    await this.#attempt(() => this.checkpoints.write(true));
  }

  /** Shows that this process lives, and closes what dead ones left open. */
  async beat(): Promise<void> {
    await this.abandoned.beat();
    if (!this.#isLeader()) return;
    const closed = await this.abandoned.close();
    if (closed > 0)
      this.options.log.warn({ closed }, "audit records of an ended process were closed as UNKNOWN");
  }

  /** Forgets what has been kept for as long as it must be. */
  async forget(): Promise<void> {
    const { store, clock, log, retentionDays } = this.options;
    const now = clock.now();
    const intents = await forgetExpiredIntents(store.database, now);
    const records =
      retentionDays === undefined
        ? 0
        : await forgetOldRecords(store.database, store.keys.chainKey, now - retentionDays * DAY_MS);
    if (intents + records > 0) log.info({ intents, records }, "retention: old entries were removed");
  }

  async #attempt(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
      this.#hasTold = false;
    } catch {
      if (!this.#hasTold) this.options.log.warn("the store could not be kept up; it is tried again");
      this.#hasTold = true;
    }
  }
}
