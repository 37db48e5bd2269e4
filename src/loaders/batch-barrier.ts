/** Reads that were started together. */
interface Wave {
  pending: number;
  ended: number;
}

/**
 * Knows which reads of an operation were started together, so that what depends on them can be asked for together
 * too: the patients of one list are one wave, and the directory is asked for their practices once, when the last of
 * their reads has answered or failed (design section 5).
 */
export class BatchBarrier {
  readonly #waves = new Set<Wave>();
  readonly #listeners = new Set<() => void>();
  #starting: Wave | undefined;

  /** Counts a read that starts now; those started without a pause between them are one wave. */
  track<T>(read: Promise<T>): Promise<T> {
    const wave = this.#starting ?? this.#start();
    wave.pending += 1;
    const end = () => {
      wave.pending -= 1;
      wave.ended += 1;
      if (wave.pending === 0) this.#waves.delete(wave);
      for (const listener of [...this.#listeners]) listener();
    };
    read.then(end, end);
    return read;
  }

  /**
   * Calls back when the waves that have begun to answer have answered in full, or the signal ends the wait. A wave
   * of which nothing has come back yet cannot be the reason why somebody asks, and is not waited for; nor are
   * waves that begin to answer later. So nobody waits without end: each read ends by its own time-out.
   */
  whenAnswered(signal: AbortSignal, callback: () => void): void {
    const answering = [...this.#waves].filter(({ ended }) => ended > 0);
    const check = () => {
      if (!signal.aborted && answering.some(({ pending }) => pending > 0)) return;
      this.#listeners.delete(check);
      signal.removeEventListener("abort", check);
      // What the last answer sets off is asked for before this comes round.
      setImmediate(callback);
    };
    this.#listeners.add(check);
    signal.addEventListener("abort", check);
    check();
  }

  #start(): Wave {
    const wave = { pending: 0, ended: 0 };
    this.#waves.add(wave);
    this.#starting = wave;
    queueMicrotask(() => {
      this.#starting = undefined;
    });
    return wave;
  }
}
