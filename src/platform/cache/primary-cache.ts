import { createMemoryStore, type MemoryStore } from "./memory-cache-store.js";
import type { ValueStore } from "./value-store.js";

const MEBI = 1024 * 1024;

/** A value as it travels between the processes: JSON, and how long it may still be used. */
export interface CachedText {
  readonly text: string;
  readonly ttlMs: number;
}

/** The calls by which a worker uses the cache of its primary. */
export interface PrimaryCacheCalls {
  /** Null: there is none. */
  cacheGet(key: string): CachedText | null;
  cacheSet(key: string, text: string, ttlMs: number): boolean;
  cacheDelete(key: string): boolean;
}

/** The cache of the primary, which all its workers share. */
export class PrimaryCache {
  readonly #memory: MemoryStore;

  /** @param onReplaced called with the key of each value that workers may hold and must forget, and with who changed it. */
  constructor(
    private readonly onReplaced: (key: string, changedBy: number) => void,
    maxCharacters?: number,
  ) {
    this.#memory = createMemoryStore(maxCharacters);
  }

  /** The calls of one worker. */
  callsOf(worker: number): PrimaryCacheCalls {
    return {
      cacheGet: (key) => {
        const text = this.#memory.get<string>(key);
        return text === undefined ? null : { text, ttlMs: this.#memory.remainingMs(key) };
      },
      cacheSet: (key, text, ttlMs) => {
        const isNew = this.#memory.get(key) === undefined;
        const isStored = this.#memory.set(key, text, ttlMs);
        if (!isNew) this.onReplaced(key, worker);
        return isStored;
      },
      cacheDelete: (key) => {
        this.onReplaced(key, worker);
        return this.#memory.delete(key);
      },
    };
  }

  close(): void {
    this.#memory.close();
  }
}

/** The same calls, made from another process. */
export interface RemoteCache {
  get(key: string): Promise<CachedText | null>;
  set(key: string, text: string, ttlMs: number): Promise<boolean>;
  delete(key: string): Promise<boolean>;
}

/**
 * The cache of the primary, as a worker sees it. What the worker has read or written is kept here too, so that most
 * look-ups need no message. When another worker replaces or deletes a value, the primary calls {@link forget}.
 */
export class WorkerCacheStore implements ValueStore {
  readonly #near: MemoryStore;
  /** Changes with each {@link forget}: a value that was on its way then may be the old one. */
  #forgotten = 0;

  constructor(
    private readonly remote: RemoteCache,
    maxCharacters = 16 * MEBI,
  ) {
    this.#near = createMemoryStore(maxCharacters);
  }

  get<T>(key: string): T | undefined | Promise<T | undefined> {
    return this.#near.get<T>(key) ?? this.#fetch<T>(key);
  }

  /** Resolves once every worker reads the value. */
  async set(key: string, value: unknown, ttlMs: number): Promise<boolean> {
    this.#near.set(key, value, ttlMs);
    return this.remote.set(key, JSON.stringify(value), ttlMs);
  }

  /** Resolves once no worker fetches the value any more. */
  async delete(key: string): Promise<boolean> {
    this.#near.delete(key);
    return this.remote.delete(key);
  }

  /** Another worker has replaced or deleted the value. */
  forget(key: string): void {
    this.#forgotten += 1;
    this.#near.delete(key);
  }

  close(): void {
    this.#near.close();
  }

  async #fetch<T>(key: string): Promise<T | undefined> {
    const before = this.#forgotten;
    const found = await this.remote.get(key);
    if (found === null) return undefined;
    const value = JSON.parse(found.text) as T;
    const isCurrent = before === this.#forgotten && found.ttlMs > 0;
    if (isCurrent) this.#near.set(key, value, found.ttlMs);
    return value;
  }
}
