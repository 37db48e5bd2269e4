import { LRUCache } from "lru-cache";
import { signalUntil } from "../resilience/deadline.js";
import { onAbort } from "../resilience/on-abort.js";

/** Entries whose refresh is remembered, so that each is tried once. Forgetting one costs one more try. */
const REMEMBERED = 10_000;

/** The request that used the entry: its refresh has another signal and is otherwise the same. */
export interface RefreshContext {
  readonly signal: AbortSignal;
}

/**
 * Asks again, in the background, for what is in use and about to expire.
 *
 * A refresh begins when the request that used the entry has ended: it neither holds that request up, nor takes its
 * turn at the upstream, nor stands in the call log of an answer that it had no part in. It is audited and measured
 * under the caller who set it off. When it fails, nobody is told and the entry serves until it expires.
 */
export class RefreshAhead {
  readonly #tried = new LRUCache<string, true>({ max: REMEMBERED });
  readonly #underWay = new Set<Promise<void>>();
  readonly #closing = new AbortController();

  constructor(private readonly timeoutMs: number) {}

  /** @param what the entry and its expiry: one life is refreshed once, whether that succeeds or not. */
  schedule<C extends RefreshContext>(what: string, context: C, refresh: (context: C) => Promise<void>): void {
    if (this.#tried.has(what)) return;
    this.#tried.set(what, true);
    const begin = () => this.#begin(context, refresh);
    if (context.signal.aborted) begin();
    else onAbort(context.signal, begin);
  }

  /** No refresh begins after this; those under way are stopped and waited for. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#underWay);
  }

  #begin<C extends RefreshContext>(context: C, refresh: (context: C) => Promise<void>): void {
    if (this.#closing.signal.aborted) return;
    const signal = signalUntil(this.timeoutMs, this.#closing.signal);
    const run = refresh({ ...context, signal }).catch(() => {});
    this.#underWay.add(run);
    void run.finally(() => this.#underWay.delete(run));
  }
}
