import { createHmac } from "node:crypto";
import type Keyv from "keyv";
import type { Clock } from "../clock.js";
import { waitForSharedResponse } from "../resilience/shared-response.js";
import type { CallLog } from "../telemetry/call-log.js";
import { RefreshAhead } from "./refresh-ahead.js";

/**
 * Within what an answer may be used again (design section 6): one caller's session, or the whole deployment,
 * which is right only for answers that are the same for every caller and every patient.
 */
export type CacheScope =
  | { readonly kind: "session"; readonly session: Session | undefined }
  | { readonly kind: "deployment" };

/** An encounter that a caller declared. Without one, the request is the session and nothing outlives it. */
export interface Session {
  /** Already bound to the person, the organisation and the session's start; never the caller's own text. */
  readonly id: string;
  readonly endsAt: number;
}

export interface CacheEntry {
  /** The name under which hits and misses are counted: the service that the value comes from. */
  readonly cache: string;
  readonly scope: CacheScope;
  /** What is asked for. It may name a patient: only a keyed hash of it is ever stored. */
  readonly key: readonly string[];
  /** The longest that the answer may serve. One that would outlast its session ends with it, to the moment. */
  readonly ttlMs: number;
}

/** A loaded answer. What says "there is none" is not kept beyond the request. */
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
  readonly store: Keyv;
  /** Keys the hashes that entries are kept under: the same for all who share the store. */
  readonly hashKey: Buffer;
  readonly clock: Clock;
  /** From 0 up to 1; a test hands in its own. */
  readonly random?: () => number;
  /** The longest that a refresh may take. */
  readonly refreshTimeoutMs?: number;
}

interface Stored<T> {
  readonly value: T;
  readonly expiresAt: number;
  /** From then on, a use of an entry that all callers share has it asked for again. */
  readonly refreshAt: number;
}

interface Answer<T> {
  readonly value: T;
  /** As it was found, when it need not be asked for. */
  readonly stored?: Stored<T> | undefined;
}

interface Flight {
  readonly answer: Promise<Answer<unknown>>;
  readonly leader: AbortSignal;
}

/** Raise it when anything that is kept changes its shape, so that another release's answers are misses. */
const SHAPE = 2;

/** Lives are shortened by up to this share at random, so that what was asked for together does not expire together. */
const JITTER = 0.1;

/** The last part of a life, in which a use has the entry refreshed. */
const REFRESH_SHARE = 0.2;

/**
 * Answers used again where the rules allow it. A fault is never kept, a fault of the cache is a miss, and
 * simultaneous asks for one key are one call.
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
          flight.answer,
          context.signal,
          cache,
        )) as Answer<T>;
        context.calls.countCache(cache, stored ? "hits" : "shared");
        return value;
      } catch (error) {
        // The request that made the call was given up; this one goes on and asks for itself.
        if (flight.leader.aborted && !context.signal.aborted) continue;
        context.calls.countCache(cache, "shared");
        throw error;
      }
    }
  }

  /** Drops what is kept under a key, since it has turned out to be out of date. */
  async forget(entry: CacheEntry): Promise<void> {
    if (entry.scope.kind === "session" && entry.scope.session === undefined) return;
    await this.options.store.delete(this.#hash(entry)).catch(() => false);
  }

  /** Stops the refreshes under way and waits for their end. */
  async close(): Promise<void> {
    await this.#refresh.close();
  }

  async #lead<T, C extends CacheContext>(
    key: string,
    entry: CacheEntry,
    context: C,
    load: Load<T, C>,
  ): Promise<T> {
    const answer = this.#answer(key, entry, context, load);
    this.#flights.set(key, { answer, leader: context.signal });
    const { value, stored } = await answer;
    if (stored) this.#refreshAhead(key, entry, context, { stored, load });
    return value;
  }

  /** Reads, and else asks. Both are one flight: an ask that came during a slow read must not lead a second call. */
  async #answer<T, C extends CacheContext>(
    key: string,
    entry: CacheEntry,
    context: C,
    load: Load<T, C>,
  ): Promise<Answer<T>> {
    try {
      const stored = await this.#read<T>(key);
      context.calls.countCache(entry.cache, stored ? "hits" : "misses");
      if (stored) return { value: stored.value, stored };
      return { value: await this.#load(key, entry, context, load) };
    } finally {
      // Before anybody learns the outcome, so that whoever goes on alone finds no trace of it.
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

  /** Only what all callers share: a session's entries are too short-lived, and asking without need costs audit. */
  #refreshAhead<T, C extends CacheContext>(
    key: string,
    entry: CacheEntry,
    context: C,
    { stored, load }: { readonly stored: Stored<T>; readonly load: Load<T, C> },
  ): void {
    if (entry.scope.kind !== "deployment" || this.options.clock.now() < stored.refreshAt) return;
    this.#refresh.schedule(`${key} ${stored.expiresAt}`, context, async (background) => {
      const current = await this.#read(key);
      if (current?.expiresAt !== stored.expiresAt) return; // another instance was first, or it is gone
      await this.#load(key, entry, background, load);
    });
  }

  async #read<T>(key: string): Promise<Stored<T> | undefined> {
    const stored = await this.options.store.get<Stored<T>>(key).catch(() => undefined);
    return stored && stored.expiresAt > this.options.clock.now() ? stored : undefined;
  }

  async #write<T>(key: string, value: T, entry: CacheEntry): Promise<void> {
    const now = this.options.clock.now();
    const expiresAt = this.#expiry(entry, now);
    if (expiresAt <= now) return;
    const refreshAt = expiresAt - (expiresAt - now) * REFRESH_SHARE;
    const stored: Stored<T> = { value, expiresAt, refreshAt };
    await this.options.store.set(key, stored, expiresAt - now).catch(() => false);
  }

  #expiry({ ttlMs, scope }: CacheEntry, now: number): number {
    const end = scope.kind === "session" ? (scope.session?.endsAt ?? now) : Number.POSITIVE_INFINITY;
    if (now + ttlMs >= end) return end;
    const { random = Math.random } = this.options;
    return Math.floor(now + ttlMs * (1 - JITTER * random()));
  }

  #hash({ cache, scope, key }: CacheEntry): string {
    const owner = scope.kind === "session" ? ["session", scope.session?.id] : ["deployment"];
    return createHmac("sha256", this.options.hashKey)
      .update(JSON.stringify([SHAPE, cache, ...owner, ...key]))
      .digest("base64url");
  }
}
