const deadlines = new WeakMap<AbortSignal, number>();

/**
 * A signal that ends after so many milliseconds, or with any of the others. It remembers its deadline, which an
 * `AbortSignal` alone does not tell, so that no work starts that cannot be finished in time.
 */
export function signalUntil(ms: number, ...others: AbortSignal[]): AbortSignal {
  return withDeadline(ms, AbortSignal.any([...others, AbortSignal.timeout(ms)]));
}

/** Records that something else ends the signal in so many milliseconds. */
export function withDeadline(ms: number, signal: AbortSignal): AbortSignal {
  deadlines.set(signal, performance.now() + ms);
  return signal;
}

/** Milliseconds until the signal's deadline; infinity when it has none. */
export function remainingMs(signal: AbortSignal): number {
  const deadline = deadlines.get(signal);
  return deadline === undefined ? Number.POSITIVE_INFINITY : deadline - performance.now();
}

/**
 * Whether the signal has ended or its deadline has passed. The two differ in a process that was paused: its timers run only
 * after the work that was next in line.
 */
export function hasEnded(signal: AbortSignal): boolean {
  return signal.aborted || remainingMs(signal) <= 0;
}

/** Whether a time-out ended the signal, and not a client that went away. */
export function isTimedOut({ reason }: AbortSignal): boolean {
  return reason?.name === "TimeoutError";
}
