/**
 * Work that continues after its request has ended. From the moment a command leaves, neither the caller's disconnect
 * nor the request deadline stops it (design section 9).
 */
export class InFlight {
  readonly #running = new Map<string, Promise<unknown>>();

  /** Starts the work at once. A key has one work at a time; later requests find it by {@link get}. */
  run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const running = work().finally(() => this.#running.delete(key));
    this.#running.set(key, running);
    // A waiting request sees the failure. Without one, a failure is no unhandled rejection.
    running.catch(() => undefined);
    return running;
  }

  /** The running work of a key; it resolves to the outcome of its kind of command. */
  get(key: string): Promise<unknown> | undefined {
    return this.#running.get(key);
  }

  /** Resolves once nothing is running. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running.values());
  }
}

/** The outcome of the work, or `meanwhile` when the signal aborts first. */
export async function outcomeInTime<T>(
  work: Promise<T>,
  signal: AbortSignal,
  meanwhile: () => T,
): Promise<T> {
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
