const deadlines = new WeakMap<AbortSignal, number>();

/**
 * A signal that ends after so many milliseconds, or with any of the others. It remembers when, so that nobody
 * begins what cannot be finished: an `AbortSignal` alone does not tell.
 */
export function signalUntil(ms: number, ...others: AbortSignal[]): AbortSignal {
  return endingIn(ms, AbortSignal.any([...others, AbortSignal.timeout(ms)]));
}

/** Notes of a signal that something else ends it in so many milliseconds. */
export function endingIn(ms: number, signal: AbortSignal): AbortSignal {
  deadlines.set(signal, performance.now() + ms);
  return signal;
}

/** What is left until the signal's deadline; without end when none is known. */
export function remainingMs(signal: AbortSignal): number {
  const deadline = deadlines.get(signal);
  return deadline === undefined ? Number.POSITIVE_INFINITY : deadline - performance.now();
}
