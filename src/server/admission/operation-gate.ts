export interface OperationGateOptions {
  /** Operations at the same time. */
  readonly maxConcurrent: number;
  /** Operations that wait for one of these to end. */
  readonly maxQueued: number;
  /** How long an operation waits. */
  readonly maxWaitMs: number;
  /** Milliseconds of a clock that only runs forward. Tests set it. */
  readonly now?: () => number;
}

/** An operation that waits for another to end. */
export interface QueuedOperation {
  /** Whether it gets a place within the time that it may wait. */
  readonly admitted: Promise<boolean>;
  /** Takes it out of the queue, for a client that has gone. */
  readonly leave: () => void;
}

/** The weight of the latest interval between two releases in their mean. */
const LATEST_WEIGHT = 0.2;

/**
 * Limits the operations that run at the same time. A short queue absorbs bursts; whatever exceeds it is refused at once,
 * so that the admitted operations keep their deadline.
 *
 * The queue holds only as many as get a place within the wait, judged by how often one becomes free (Little's law). An
 * operation that would wait in vain is refused before its body is read, which costs far less.
 */
export class OperationGate {
  #running = 0;
  /** The mean time from one release to the next while all places are taken. */
  #releaseEveryMs = 0;
  /** When the last place was taken, or given on since then. */
  #lastChange = 0;
  readonly #now: () => number;
  readonly #queue = new Set<(admitted: boolean) => void>();

  constructor(private readonly options: OperationGateOptions) {
    this.#now = options.now ?? (() => performance.now());
  }

  get running(): number {
    return this.#running;
  }

  /** True when a new operation would be refused at once. */
  get isFull(): boolean {
    return this.#running >= this.options.maxConcurrent && this.#queue.size >= this.#usefulQueue();
  }

  #usefulQueue(): number {
    const { maxQueued, maxWaitMs } = this.options;
    // Operations that do not end at all release nothing, so the time since the last release counts too.
    const everyMs = Math.max(this.#releaseEveryMs, this.#now() - this.#lastChange);
    return everyMs <= 0 ? maxQueued : Math.min(maxQueued, Math.floor(maxWaitMs / everyMs));
  }

  /**
   * Takes a place, or queues for one. Whoever gets one calls {@link release} when the operation has ended.
   *
   * @returns whether there was a place; or the place in the queue.
   */
  enter(): boolean | QueuedOperation {
    if (this.isFull) return false;
    if (this.#running < this.options.maxConcurrent) {
      this.#running += 1;
      if (this.#running === this.options.maxConcurrent) this.#lastChange = this.#now();
      return true;
    }
    let leave = () => {};
    const admitted = new Promise<boolean>((resolve) => {
      const settle = (isAdmitted: boolean) => {
        clearTimeout(timer);
        this.#queue.delete(settle);
        resolve(isAdmitted);
      };
      leave = () => settle(false);
      const timer = setTimeout(leave, this.options.maxWaitMs);
      this.#queue.add(settle);
    });
    return { admitted, leave };
  }

  /** Gives the place to the operation that has waited longest. */
  release(): void {
    if (this.#running === this.options.maxConcurrent) this.#observeRelease();
    const [next] = this.#queue;
    if (next === undefined) this.#running -= 1;
    else next(true);
  }

  #observeRelease(): void {
    const now = this.#now();
    this.#releaseEveryMs += LATEST_WEIGHT * (now - this.#lastChange - this.#releaseEveryMs);
    this.#lastChange = now;
  }
}
