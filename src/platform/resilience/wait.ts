import { onAbort } from "./on-abort.js";

/** Waits for so long, or until the signal ends. @returns whether the whole time has passed. */
export function wait(ms: number, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return Promise.resolve(false);
  if (ms <= 0) return Promise.resolve(true);
  return new Promise((resolve) => {
    const end = (isWhole: boolean) => {
      clearTimeout(timer);
      stopListening();
      resolve(isWhole);
    };
    const timer = setTimeout(() => end(true), ms);
    const stopListening = onAbort(signal, () => end(false));
  });
}

/** The promise's outcome, or the error when the signal ends first. The promise itself goes on. */
export function raceWithSignal<T>(
  promise: Promise<T>,
  signal: AbortSignal,
  toError: (signal: AbortSignal) => Error,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = () => reject(toError(signal));
    if (signal.aborted) giveUp();
    promise.then(resolve, reject).finally(onAbort(signal, giveUp));
  });
}

/** A timer that fires later than this was held up by other work of this process, and so was the reading of a response. */
const STALL_MS = 10;

/**
 * The promise's outcome, or the error when it takes longer. The promise itself goes on.
 *
 * A pause of this process is not the fault of the other side: after one the time starts once more, and a response that has
 * arrived is read before the error. Otherwise a busy process would take a healthy Redis for a lost one.
 */
export function withTimeout<T>(promise: Promise<T>, ms: number, toError: () => Error): Promise<T> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout;
    let immediate: NodeJS.Immediate | undefined;
    const startedAt = performance.now();
    const giveUp = () => {
      // Timers come before sockets in a turn of the event loop.
      immediate = setImmediate(() => reject(toError()));
    };
    const onTime = () => {
      if (performance.now() - startedAt <= ms + STALL_MS) giveUp();
      else timer = setTimeout(giveUp, ms);
    };
    timer = setTimeout(onTime, ms);
    promise.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      if (immediate) clearImmediate(immediate);
    });
  });
}
