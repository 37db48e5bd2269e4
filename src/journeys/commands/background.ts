/**
 * Work that goes on although nobody may be waiting for it any more: from the moment a command leaves, neither the
 * caller's going away nor the deadline of the request ends it (design section 9).
 */
export class Background {
  readonly #running = new Map<string, Promise<unknown>>();

  /** Begins the work at once. A key has one work at a time: who comes later finds it by {@link under}. */
  run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const running = work().finally(() => this.#running.delete(key));
    this.#running.set(key, running);
    // Whoever waits hears of a failure; that nobody waits is no fault.
    running.catch(() => undefined);
    return running;
  }

  /** The work under way for a key, which gives what its kind of command gives. */
  under(key: string): Promise<unknown> | undefined {
    return this.#running.get(key);
  }

  /** Once nothing is under way any more. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running.values());
  }
}

/** The answer of the work, or, when the signal ends first, what to say in the meantime. */
export async function answerInTime<T>(work: Promise<T>, signal: AbortSignal, meanwhile: () => T): Promise<T> {
  if (signal.aborted) return meanwhile();
  let end = () => {};
  const ended = new Promise<T>((resolve) => {
    end = () => resolve(meanwhile());
    signal.addEventListener("abort", end, { once: true });
  });
  try {
    return await Promise.race([work, ended]);
  } finally {
    signal.removeEventListener("abort", end);
  }
}
