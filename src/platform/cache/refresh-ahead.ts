import { LRUCache } from "lru-cache";
import { signalUntil } from "../resilience/deadline.js";
import { onAbort } from "../resilience/on-abort.js";

/** Entries whose refresh is remembered, so that each is refreshed once. Forgetting one costs one more refresh. */
const REMEMBERED = 10_000;

/** The context of the request that used the entry. The refresh has the same context with another signal. */
export interface RefreshContext {
  readonly signal: AbortSignal;
}

/**
 * Reloads, in the background, entries that are in use and about to expire.
 *
 * A refresh begins when the request that used the entry has ended. So it neither delays that request, nor takes its place
 * in a queue, nor appears in its call log. It is audited and measured under the caller of that request. When it fails, the
 * entry is used until it expires.
 */
export class RefreshAhead {
  readonly #tried = new LRUCache<string, true>({ max: REMEMBERED });
  readonly #inProgress = new Set<Promise<void>>();
  readonly #closing = new AbortController();

  constructor(private readonly timeoutMs: number) {}

  /** @param what the entry and its expiry. Each is refreshed once, whether that succeeds or not. */
  schedule<C extends RefreshContext>(what: string, context: C, refresh: (context: C) => Promise<void>): void {
    if (this.#tried.has(what)) return;
    this.#tried.set(what, true);
    const begin = () => this.#begin(context, refresh);
    if (context.signal.aborted) begin();
    else onAbort(context.signal, begin);
  }

  /** Starts no further refresh, aborts those in progress and waits for them. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#inProgress);
  }

  #begin<C extends RefreshContext>(context: C, refresh: (context: C) => Promise<void>): void {
    if (this.#closing.signal.aborted) return;
    const signal = signalUntil(this.timeoutMs, this.#closing.signal);
    const run = refresh({ ...context, signal }).catch(() => {});
    this.#inProgress.add(run);
    void run.finally(() => this.#inProgress.delete(run));
  }
}
