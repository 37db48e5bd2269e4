import type { Clock } from "../clock.js";
import { hasherOf } from "../crypto/hmac.js";
import { waitForSharedResponse } from "../resilience/shared-response.js";
import type { CallLog } from "../telemetry/call-log.js";
import { RefreshAhead } from "./refresh-ahead.js";
import { readOrMiss, type ValueStore, writeOrLeave } from "./value-store.js";

/**
 * Where a value may be reused (design, section 6): in one caller's session, or in the whole deployment, for values that
 * are the same for every caller and every patient.
 */
export type CacheScope =
  | { readonly kind: "session"; readonly session: Session | undefined }
  | { readonly kind: "deployment" };

/** An encounter that a caller declared. Without one, the request is the session and nothing is reused after it. */
export interface Session {
  /** Specific to the person, the organisation and the session's end. Never the caller's own text. */
  readonly id: string;
  readonly endsAt: number;
}

export interface CacheEntry {
  /** The name under which hits and misses are counted: the service that the value comes from. */
  readonly cache: string;
  readonly scope: CacheScope;
  /** Identifies the value. It may contain an NHS number: only a keyed hash of it is stored. */
  readonly key: readonly string[];
  /** Time to live. A value never outlives its session. */
  readonly ttlMs: number;
}

/** A loaded value. A value that means "there is none" is not kept beyond the request. */
export interface Loaded<T> {
  readonly value: T;
  readonly keep: boolean;
}

/** Calls the upstream. The context is not always the request's own: a refresh outlives the request. */
export type Load<T, C> = (context: C) => Promise<Loaded<T>>;

/** What the cache needs to know of the request. The rest of the context is passed on to `load`. */
export interface CacheContext {
  readonly signal: AbortSignal;
  readonly calls: Pick<CallLog, "countCache">;
}

export interface ScopedCacheOptions {
  readonly store: ValueStore;
  /** The key of the hashes under which entries are stored. The same for all instances that share the store. */
  readonly hashKey: Buffer;
  readonly clock: Clock;
  /** From 0 up to 1. A test passes its own. */
  readonly random?: () => number;
  /** The time limit of a refresh. */
  readonly refreshTimeoutMs?: number;
}

/** An entry as it is in the store. */
export interface Stored<T> {
  readonly value: T;
  readonly expiresAt: number;
  /** From then on, a use of an entry of the deployment triggers its refresh. */
  readonly refreshAt: number;
}

interface Found<T> {
  readonly value: T;
  /** The entry, when the value came from the store. */
  readonly stored?: Stored<T> | undefined;
}

interface Flight {
  readonly found: Promise<Found<unknown>>;
  readonly leader: AbortSignal;
}

/** Raise it when a stored value changes its shape, so that values of another release are misses (`test/upgrades`). */
export const CACHE_SHAPE = 2;

/** Shortens the time to live by up to this share, so that values loaded together do not expire together. */
const JITTER = 0.1;

/** The last share of the time to live, in which a use triggers a refresh. */
const REFRESH_SHARE = 0.2;

/**
 * Reuses values where the rules allow it. A failed load is never kept, a fault of the store is a miss, and simultaneous
 * requests for one key are one load.
 */
export class ScopedCache {
  readonly #flights = new Map<string, Flight>();
  readonly #refresh: RefreshAhead;

  constructor(private readonly options: ScopedCacheOptions) {
    this.#refresh = new RefreshAhead(options.refreshTimeoutMs ?? 20_000);
  }

  async get<T, C extends CacheContext>(entry: CacheEntry, context: C, load: Load<T, C>): Promise<T> {
    const { cache, scope } = entry;
    if (scope.kind === "session" && scope.session === undefined) {
      context.calls.countCache(cache, "misses");
      return (await load(context)).value;
    }
    const key = this.#hash(entry);
    for (;;) {
      const flight = this.#flights.get(key);
      if (flight === undefined) return this.#lead(key, entry, context, load);
      try {
        const { value, stored } = (await waitForSharedResponse(
          flight.found,
          context.signal,
          cache,
        )) as Found<T>;
        context.calls.countCache(cache, stored ? "hits" : "shared");
        return value;
      } catch (error) {
        // The request that made the call has ended; this one goes on and makes its own.
        if (flight.leader.aborted && !context.signal.aborted) continue;
        context.calls.countCache(cache, "shared");
        throw error;
      }
    }
  }

  /** The stored value, without loading it. Undefined when there is none. Not counted as a hit or a miss. */
  async peek<T>(entry: CacheEntry): Promise<T | undefined> {
    if (entry.scope.kind === "session" && entry.scope.session === undefined) return undefined;
    return (await this.#read<T>(this.#hash(entry)))?.value;
  }

  /** Removes an entry that has turned out to be out of date. */
  async forget(entry: CacheEntry): Promise<void> {
    if (entry.scope.kind === "session" && entry.scope.session === undefined) return;
    try {
      await this.options.store.delete(this.#hash(entry));
    } catch {
      // A store that is at fault is read as empty.
    }
  }

  /** Aborts the refreshes in progress and waits for them. */
  async close(): Promise<void> {
    await this.#refresh.close();
  }

  async #lead<T, C extends CacheContext>(
    key: string,
    entry: CacheEntry,
    context: C,
    load: Load<T, C>,
  ): Promise<T> {
    const found = this.#readOrLoad(key, entry, context, load);
    this.#flights.set(key, { found, leader: context.signal });
    const { value, stored } = await found;
    if (stored) this.#refreshAhead(key, entry, context, { stored, load });
    return value;
  }

  /** Reads the entry, or loads the value. Both are one flight: a request during a slow read must not load again. */
  async #readOrLoad<T, C extends CacheContext>(
    key: string,
    entry: CacheEntry,
    context: C,
    load: Load<T, C>,
  ): Promise<Found<T>> {
    try {
      const stored = await this.#read<T>(key);
      context.calls.countCache(entry.cache, stored ? "hits" : "misses");
      if (stored) return { value: stored.value, stored };
      return { value: await this.#load(key, entry, context, load) };
    } finally {
      // Before anybody learns the outcome, so that a request that goes on alone does not find this flight.
      this.#flights.delete(key);
    }
  }

  async #load<T, C extends CacheContext>(
    key: string,
    entry: CacheEntry,
    context: C,
    load: Load<T, C>,
  ): Promise<T> {
    const { value, keep } = await load(context);
    if (keep) await this.#write(key, value, entry);
    return value;
  }

  /** Only for the deployment: a session's entries live too briefly, and an unnecessary read would still be audited. */
  #refreshAhead<T, C extends CacheContext>(
    key: string,
    entry: CacheEntry,
    context: C,
    { stored, load }: { readonly stored: Stored<T>; readonly load: Load<T, C> },
  ): void {
    if (entry.scope.kind !== "deployment" || this.options.clock.now() < stored.refreshAt) return;
    this.#refresh.schedule(`${key} ${stored.expiresAt}`, context, async (background) => {
      const current = await this.#read(key);
      if (current?.expiresAt !== stored.expiresAt) return; // another instance was faster, or the entry is gone
      await this.#load(key, entry, background, load);
    });
  }

  async #read<T>(key: string): Promise<Stored<T> | undefined> {
    const stored = await readOrMiss<Stored<T>>(this.options.store, key);
    return stored && stored.expiresAt > this.options.clock.now() ? stored : undefined;
  }

  async #write<T>(key: string, value: T, entry: CacheEntry): Promise<void> {
    const now = this.options.clock.now();
    const expiresAt = this.#expiry(entry, now);
    if (expiresAt <= now) return;
    const refreshAt = expiresAt - (expiresAt - now) * REFRESH_SHARE;
    const stored: Stored<T> = { value, expiresAt, refreshAt };
    await writeOrLeave(this.options.store, key, stored, expiresAt - now);
  }

  #expiry({ ttlMs, scope }: CacheEntry, now: number): number {
    const end = scope.kind === "session" ? (scope.session?.endsAt ?? now) : Number.POSITIVE_INFINITY;
    if (now + ttlMs >= end) return end;
    const { random = Math.random } = this.options;
    return Math.floor(now + ttlMs * (1 - JITTER * random()));
  }

  #hash({ cache, scope, key }: CacheEntry): string {
    const owner = scope.kind === "session" ? ["session", scope.session?.id] : ["deployment"];
    return hasherOf(this.options.hashKey).base64url(JSON.stringify([CACHE_SHAPE, cache, ...owner, ...key]));
  }
}
