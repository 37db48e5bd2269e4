import { createHmac } from "node:crypto";
import type Keyv from "keyv";
import type { CallContext } from "./call-context.js";
import type { CacheName } from "./call-log.js";
import type { Clock } from "./clock.js";

/**
 * Within what an answer may be used again (design section 6): one caller's session, or the whole deployment,
 * which is right only for answers that are the same for every caller and every patient.
 */
export type ReuseScope =
  | { readonly kind: "session"; readonly session: Session | undefined }
  | { readonly kind: "deployment" };

/** An encounter that a caller declared. Without one, the request is the session and nothing outlives it. */
export interface Session {
  /** Already bound to the person, the organisation and the session's start; never the caller's own text. */
  readonly id: string;
  readonly endsAt: number;
}

export interface ReuseEntry {
  readonly cache: CacheName;
  readonly scope: ReuseScope;
  /** What is asked for. It may name a patient: only a keyed hash of it is ever stored. */
  readonly key: readonly string[];
  readonly lifeMs: number;
}

/** A loaded answer. What says "there is none" is not kept beyond the request. */
export interface Loaded<T> {
  readonly value: T;
  readonly keep: boolean;
}

interface Stored<T> {
  readonly value: T;
  readonly expiresAt: number;
}

interface Flight {
  readonly answer: Promise<Loaded<unknown>>;
  readonly leader: AbortSignal;
}

/**
 * Answers used again where the rules allow it. A fault is never kept, a fault of the cache is a miss, and
 * simultaneous misses for one key are one call.
 */
export class ReuseCache {
  readonly #flights = new Map<string, Flight>();

  constructor(
    private readonly options: { readonly store: Keyv; readonly hashKey: Buffer; readonly clock: Clock },
  ) {}

  async get<T>(entry: ReuseEntry, context: CallContext, load: () => Promise<Loaded<T>>): Promise<T> {
    const { scope } = entry;
    if (scope.kind === "session" && scope.session === undefined) {
      context.calls.countCache(entry.cache, "misses");
      return (await load()).value;
    }
    const key = this.#hash(entry);
    const stored = await this.#read<T>(key);
    if (stored !== undefined) {
      context.calls.countCache(entry.cache, "hits");
      return stored.value;
    }
    const flight = this.#flights.get(key);
    if (flight) {
      context.calls.countCache(entry.cache, "shared");
      try {
        return (await flight.answer).value as T;
      } catch (error) {
        // The request that made the call was given up; this one goes on and asks for itself.
        if (flight.leader.aborted && !context.signal.aborted) return this.get(entry, context, load);
        throw error;
      }
    }
    context.calls.countCache(entry.cache, "misses");
    return this.#lead(key, entry, context, load);
  }

  async #lead<T>(
    key: string,
    entry: ReuseEntry,
    context: CallContext,
    load: () => Promise<Loaded<T>>,
  ): Promise<T> {
    const answer = load();
    this.#flights.set(key, { answer, leader: context.signal });
    try {
      const { value, keep } = await answer;
      if (keep) await this.#write(key, value, entry);
      return value;
    } finally {
      this.#flights.delete(key);
    }
  }

  async #read<T>(key: string): Promise<Stored<T> | undefined> {
    const stored = await this.options.store.get<Stored<T>>(key).catch(() => undefined);
    return stored !== undefined && stored.expiresAt > this.options.clock.now() ? stored : undefined;
  }

  async #write<T>(key: string, value: T, { lifeMs, scope }: ReuseEntry): Promise<void> {
    const now = this.options.clock.now();
    const end = scope.kind === "session" ? (scope.session?.endsAt ?? now) : Number.POSITIVE_INFINITY;
    const expiresAt = Math.min(now + lifeMs, end);
    if (expiresAt > now)
      await this.options.store.set(key, { value, expiresAt }, expiresAt - now).catch(() => false);
  }

  #hash({ cache, scope, key }: ReuseEntry): string {
    const owner = scope.kind === "session" ? ["session", scope.session?.id] : ["deployment"];
    return createHmac("sha256", this.options.hashKey)
      .update(JSON.stringify([cache, ...owner, ...key]))
      .digest("base64url");
  }
}
