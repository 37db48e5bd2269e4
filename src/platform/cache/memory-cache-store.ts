import { LRUCache } from "lru-cache";
import type { ValueStore } from "./value-store.js";

const MEBI = 1024 * 1024;
const PURGE_MS = 60_000;
/** The size of an entry beyond its text. An estimate that keeps the number of tiny entries limited. */
const ENTRY_OVERHEAD = 300;

interface Entry {
  readonly value: unknown;
  readonly size: number;
}

export interface MemoryStore extends ValueStore {
  get<T>(key: string): T | undefined;
  set(key: string, value: unknown, ttlMs: number): boolean;
  delete(key: string): boolean;
  clear(): void;
  /** The rest of the value's time to live; 0 when there is none. */
  remainingMs(key: string): number;
  close(): void;
}

/**
 * Values in this process, limited in size: the least recently used is evicted. A value is stored as it is and frozen, so
 * that no reader can change it for the others. Expired values are removed within a minute, even if nobody reads them
 * again, so that personal data is not kept longer than it may be used.
 */
export function createMemoryStore(maxCharacters = 64 * MEBI): MemoryStore {
  const entries = new LRUCache<string, Entry>({
    maxSize: maxCharacters,
    sizeCalculation: ({ size }, key) => size + key.length + ENTRY_OVERHEAD,
  });
  const purge = setInterval(() => entries.purgeStale(), PURGE_MS);
  purge.unref();
  return {
    // The caller that reads a key knows the type of its value.
    get: <T>(key: string) => entries.get(key)?.value as T | undefined,
    set(key, value, ttlMs) {
      // The size as JSON, which is close enough to the memory that it takes.
      const size = JSON.stringify(value).length;
      entries.set(key, { value: freeze(value), size }, { ttl: Math.ceil(ttlMs) });
      return entries.has(key);
    },
    delete: (key) => entries.delete(key),
    clear: () => entries.clear(),
    remainingMs: (key) => Math.max(0, entries.getRemainingTTL(key)),
    close() {
      clearInterval(purge);
      entries.clear();
    },
  };
}

/** Freezes a JSON value and everything in it. */
function freeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  for (const member of Object.values(value)) freeze(member);
  return Object.freeze(value);
}
