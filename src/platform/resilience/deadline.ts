import { onAbort } from "./on-abort.js";

const deadlines = new WeakMap<AbortSignal, number>();

/** A signal, and what releases its timer and its listeners when nobody needs them any more. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Ends the signal with the reason, unless it has ended. Without one, the signal only stops waiting. */
  end(reason?: unknown): void;
}

/** Why a signal ends when the client has gone, or the work is over. One object: each one made would hold a stack. */
export const REQUEST_ENDED: unknown = new DOMException("The request has ended", "AbortError");

/**
 * A signal that ends after so many milliseconds. `AbortSignal.any` and `AbortSignal.timeout` together cost more than
 * the rest of a short request, so the timer is one of Node's own, which share one list for each duration.
 */
export function createDeadline(ms: number): Deadline {
  const controller = new AbortController();
  const { signal } = controller;
  const timer = setTimeout(
    () => controller.abort(new DOMException("The operation was aborted due to timeout", "TimeoutError")),
    ms,
  );
  timer.unref();
  return {
    signal: withDeadline(ms, signal),
    end(reason) {
      clearTimeout(timer);
      if (reason !== undefined && !signal.aborted) controller.abort(reason);
    },
  };
}

/**
 * A signal that ends after so many milliseconds, or with any of the others. It remembers its deadline, which an
 * `AbortSignal` alone does not tell, so that no work starts that cannot be finished in time.
 */
export function signalUntil(ms: number, ...others: AbortSignal[]): AbortSignal {
  const { signal, end } = createDeadline(ms);
  for (const other of others) {
    if (other.aborted) end(other.reason);
    // Released when this signal ends, so that a signal that lives long does not collect listeners.
    else
      onAbort(
        signal,
        onAbort(other, () => end(other.reason)),
      );
  }
  return signal;
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
