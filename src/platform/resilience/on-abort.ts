import { setMaxListeners } from "node:events";

const registered = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls back when the signal ends, unless the returned function is called first. A signal that has already ended calls
 * nobody back.
 *
 * The signal has one listener, however many callbacks there are: an `EventTarget` walks along all its listeners for each
 * that is added or removed, and a request may have a thousand. The listener stays for as long as the signal, which holds
 * nothing but itself by it.
 */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  const callbacks = registered.get(signal) ?? listenTo(signal);
  // A function of its own, so that the same callback can be registered twice.
  const call = () => callback();
  callbacks.add(call);
  return () => void callbacks.delete(call);
}

function listenTo(signal: AbortSignal): Set<() => void> {
  const callbacks = new Set<() => void>();
  const callAll = () => {
    for (const call of callbacks) {
      callbacks.delete(call);
      call();
    }
  };
  registered.set(signal, callbacks);
  // A signal that outlives many requests has other listeners as well.
  setMaxListeners(0, signal);
  signal.addEventListener("abort", callAll, { once: true });
  return callbacks;
}
