import { setMaxListeners } from "node:events";

const waiting = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls back when the signal ends, unless the returned function is called first. However many wait, the signal has one
 * listener: an `EventTarget` walks along all it has for each that comes or goes, and a request may have a thousand.
 *
 * A signal that has ended already calls nobody back.
 */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  const callbacks = waiting.get(signal) ?? listenTo(signal);
  // Of its own, so that one callback may wait twice.
  const call = () => callback();
  callbacks.add(call);
  return () => void callbacks.delete(call);
}

function listenTo(signal: AbortSignal): Set<() => void> {
  const callbacks = new Set<() => void>();
  waiting.set(signal, callbacks);
  const callAll = () => {
    for (const call of callbacks) {
      callbacks.delete(call);
      call();
    }
  };
  // A signal that outlives many requests has other listeners besides.
  setMaxListeners(0, signal);
  signal.addEventListener("abort", callAll, { once: true });
  return callbacks;
}
