/** Reads that started together. */
interface Batch {
  pending: number;
  ended: number;
}

/**
 * Knows which reads of an operation started together, so that the requests that depend on them can be batched too: the
 * patients of one list are one batch, and the directory is queried for their practices once, when the last of their reads
 * has succeeded or failed (design section 5).
 */
export class BatchBarrier {
  readonly #batches = new Set<Batch>();
  readonly #listeners = new Set<() => void>();
  #starting: Batch | undefined;

  /** Adds a read that starts now. Reads that start without a pause between them are one batch. */
  track<T>(read: Promise<T>): Promise<T> {
    const batch = this.#starting ?? this.#start();
    batch.pending += 1;
    const end = () => {
      batch.pending -= 1;
      batch.ended += 1;
      if (batch.pending === 0) this.#batches.delete(batch);
      for (const listener of [...this.#listeners]) listener();
    };
    read.then(end, end);
    return read;
  }

  /**
   * Calls back once every batch of which a read has ended is complete, or the signal ends the wait. A batch of which no read
   * has ended cannot be the reason for this call, and is not waited for; nor is one that starts to end later. So no wait is
   * endless: each read has its own time-out.
   */
  whenComplete(signal: AbortSignal, callback: () => void): void {
    const started = [...this.#batches].filter(({ ended }) => ended > 0);
    const check = () => {
      if (!signal.aborted && started.some(({ pending }) => pending > 0)) return;
      this.#listeners.delete(check);
      signal.removeEventListener("abort", check);
      // The last read's dependants make their requests before this callback runs.
      setImmediate(callback);
    };
    this.#listeners.add(check);
    signal.addEventListener("abort", check);
    check();
  }

  #start(): Batch {
    const batch = { pending: 0, ended: 0 };
    this.#batches.add(batch);
    this.#starting = batch;
    queueMicrotask(() => {
      this.#starting = undefined;
    });
    return batch;
  }
}
