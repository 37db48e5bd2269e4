import type { Log } from "../../platform/telemetry/log.js";

/** A worker process, as its supervisor sees it. */
export interface WorkerProcess {
  /** Never used twice. */
  readonly id: number;
  onExit(listen: () => void): void;
  kill(signal: "SIGTERM" | "SIGKILL"): void;
}

export interface SupervisorOptions<P extends WorkerProcess> {
  readonly count: number;
  readonly fork: () => P;
  readonly log: Pick<Log, "info" | "warn">;
  /** Tells the workers about a change. The leader is undefined while no worker is ready. */
  readonly onChange: (state: { readonly areReady: boolean; readonly leader: P | undefined }) => void;
  readonly onExit: (worker: P) => void;
  /** For tests. */
  readonly clock?: { now(): number };
  readonly wait?: (ms: number, work: () => void) => void;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 10_000;
/** A worker that was ready for so long has not failed at its start. */
const STABLE_MS = 30_000;
/** So many starts in a row that fail while no worker is ready are a fault that another start does not mend. */
const MAX_FAILED_STARTS = 5;

/** No worker can be started. Each has written why. */
export class WorkersFailedError extends Error {
  override readonly name = "WorkersFailedError";
}

interface Entry<P> {
  readonly worker: P;
  readyAt: number | undefined;
}

/**
 * Keeps so many workers running. A worker that ends is replaced, after a pause that doubles while the replacements do not
 * last. The oldest ready worker is the leader.
 */
export class Supervisor<P extends WorkerProcess> {
  readonly #entries = new Map<number, Entry<P>>();
  readonly #clock: { now(): number };
  #isStopping = false;
  #failures = 0;
  #restarts = 0;
  #onAllReady: () => void = () => {};
  #onFailed: (error: Error) => void = () => {};
  #onEmpty: () => void = () => {};

  constructor(private readonly options: SupervisorOptions<P>) {
    this.#clock = options.clock ?? performance;
  }

  get workers(): readonly P[] {
    return [...this.#entries.values()].map(({ worker }) => worker);
  }

  get ready(): readonly P[] {
    return [...this.#entries.values()]
      .filter(({ readyAt }) => readyAt !== undefined)
      .map(({ worker }) => worker);
  }

  get restarts(): number {
    return this.#restarts;
  }

  /**
   * Starts one worker, which brings the store up to date, and then the others. Resolves once all are ready.
   *
   * @param onFailed called with a {@link WorkersFailedError} when workers end and no other start can help. Before all
   *   were ready for the first time, the first end is that.
   */
  start(onFailed: (error: Error) => void): Promise<void> {
    this.#onFailed = onFailed;
    this.#fork();
    return new Promise((resolve) => {
      this.#onAllReady = resolve;
    });
  }

  /** The worker listens. */
  markReady(id: number): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    const isFirst = this.#hasNeverBeenReady && this.#entries.size === 1;
    entry.readyAt = this.#clock.now();
    if (isFirst) for (let more = 1; more < this.options.count; more += 1) this.#fork();
    if (this.ready.length === this.options.count) {
      this.#hasNeverBeenReady = false;
      this.#onAllReady();
    }
    this.#tell();
  }
  #hasNeverBeenReady = true;

  /** Lets all workers end their work. Resolves once they have ended; those that last beyond the limit are killed. */
  async stop(limitMs: number): Promise<void> {
    this.#isStopping = true;
    if (this.#entries.size === 0) return;
    const ended = new Promise<void>((resolve) => {
      this.#onEmpty = resolve;
    });
    for (const worker of this.workers) worker.kill("SIGTERM");
    const timer = setTimeout(() => {
      for (const worker of this.workers) worker.kill("SIGKILL");
    }, limitMs);
    await ended;
    clearTimeout(timer);
  }

  #fork(): void {
    if (this.#isStopping) return;
    const worker = this.options.fork();
    this.#entries.set(worker.id, { worker, readyAt: undefined });
    worker.onExit(() => this.#replace(worker));
  }

  #replace(worker: P): void {
    const readyAt = this.#entries.get(worker.id)?.readyAt;
    this.#entries.delete(worker.id);
    this.options.onExit(worker);
    this.#tell();
    if (this.#isStopping) {
      if (this.#entries.size === 0) this.#onEmpty();
      return;
    }
    const hasLasted = readyAt !== undefined && this.#clock.now() - readyAt >= STABLE_MS;
    this.#failures = hasLasted ? 0 : this.#failures + 1;
    if (this.#isHopeless(readyAt !== undefined)) {
      this.#onFailed(new WorkersFailedError("The workers end as soon as they are started."));
      return;
    }
    const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** Math.max(0, this.#failures - 1), LONGEST_PAUSE_MS);
    this.options.log.warn({ pauseMs }, "a worker has ended; another one is started");
    const { wait = (ms, work) => void setTimeout(work, ms) } = this.options;
    wait(pauseMs, () => {
      this.#restarts += 1;
      this.#fork();
    });
  }

  #isHopeless(wasReady: boolean): boolean {
    if (this.#hasNeverBeenReady) return true;
    return !wasReady && this.ready.length === 0 && this.#failures >= MAX_FAILED_STARTS;
  }

  #tell(): void {
    const { count, onChange } = this.options;
    const { ready } = this;
    onChange({ areReady: ready.length === count && !this.#isStopping, leader: ready[0] });
  }
}
