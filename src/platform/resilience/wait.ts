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

/** The promise's outcome, or the error when it takes longer. The promise itself goes on. */
export function withTimeout<T>(promise: Promise<T>, ms: number, toError: () => Error): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(toError()), ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
