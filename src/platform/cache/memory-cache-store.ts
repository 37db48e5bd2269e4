import { LRUCache } from "lru-cache";
import type { TextStore } from "./encrypted-cache-store.js";

const MEBI = 1024 * 1024;
const PURGE_MS = 60_000;
/** The size of an entry beyond its text. An estimate that keeps the number of tiny entries limited. */
const ENTRY_OVERHEAD = 300;

export type MemoryStore = TextStore & { close(): void };

/**
 * Texts in this process, limited in size: the least recently used is evicted. Expired texts are removed within a minute,
 * even if nobody reads them again, so that personal data is not kept longer than it may be used.
 */
export function createMemoryStore(maxCharacters = 64 * MEBI): MemoryStore {
  const texts = new LRUCache<string, string>({
    maxSize: maxCharacters,
    sizeCalculation: (text, key) => text.length + key.length + ENTRY_OVERHEAD,
  });
  const purge = setInterval(() => texts.purgeStale(), PURGE_MS);
  purge.unref();
  return {
    get: async (key) => texts.get(key),
    async set(key, text, ttlMs) {
      texts.set(key, text, { ttl: Math.ceil(ttlMs ?? 0) });
      return texts.has(key);
    },
    delete: async (key) => texts.delete(key),
    clear: async () => texts.clear(),
    close() {
      clearInterval(purge);
      texts.clear();
    },
  };
}
