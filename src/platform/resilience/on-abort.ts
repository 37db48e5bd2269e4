import { setMaxListeners } from "node:events";

interface Waiting {
  readonly callbacks: Set<() => void>;
  readonly callAll: () => void;
}

const waiting = new WeakMap<AbortSignal, Waiting>();

/**
 * Calls back when the signal ends, unless the returned function is called first. However many wait, the signal has one
 * listener: an `EventTarget` walks along all it has for each that comes or goes, and a request may have a thousand. When
 * nobody waits any more it has none, since Node keeps a joined signal alive for as long as somebody listens.
 *
 * A signal that has ended already calls nobody back.
 */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  const { callbacks, callAll } = waiting.get(signal) ?? listenTo(signal);
  // Of its own, so that one callback may wait twice.
  const call = () => callback();
  callbacks.add(call);
  return () => {
    if (!callbacks.delete(call) || callbacks.size > 0) return;
    signal.removeEventListener("abort", callAll);
    waiting.delete(signal);
  };
}

function listenTo(signal: AbortSignal): Waiting {
  const callbacks = new Set<() => void>();
  const callAll = () => {
    for (const call of callbacks) {
      callbacks.delete(call);
      call();
    }
  };
  const added = { callbacks, callAll };
  waiting.set(signal, added);
  // A signal that outlives many requests has other listeners besides.
  setMaxListeners(0, signal);
  signal.addEventListener("abort", callAll, { once: true });
  return added;
}
