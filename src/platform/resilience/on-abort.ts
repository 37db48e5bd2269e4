import { setMaxListeners } from "node:events";

interface Callbacks {
  readonly callbacks: Set<() => void>;
  readonly callAll: () => void;
}

const registered = new WeakMap<AbortSignal, Callbacks>();

/**
 * Calls back when the signal ends, unless the returned function is called first. A signal that has already ended calls
 * nobody back.
 *
 * The signal has one listener, however many callbacks there are: an `EventTarget` walks along all its listeners for each
 * that is added or removed, and a request may have a thousand. Without callbacks it has no listener, because Node keeps a
 * combined signal alive for as long as it has one.
 */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  const { callbacks, callAll } = registered.get(signal) ?? listenTo(signal);
  // A function of its own, so that the same callback can be registered twice.
  const call = () => callback();
  callbacks.add(call);
  return () => {
    if (!callbacks.delete(call) || callbacks.size > 0) return;
    signal.removeEventListener("abort", callAll);
    registered.delete(signal);
  };
}

function listenTo(signal: AbortSignal): Callbacks {
  const callbacks = new Set<() => void>();
  const callAll = () => {
    for (const call of callbacks) {
      callbacks.delete(call);
      call();
    }
  };
  const added = { callbacks, callAll };
  registered.set(signal, added);
  // A signal that outlives many requests has other listeners as well.
  setMaxListeners(0, signal);
  signal.addEventListener("abort", callAll, { once: true });
  return added;
}
