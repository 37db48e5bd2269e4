import { LRUCache } from "lru-cache";
import type { TextStore } from "./encrypted-cache-store.js";

const MEBI = 1024 * 1024;
const PURGE_MS = 60_000;
/** Of an entry beyond its text: key, links and bookkeeping. An estimate; it only has to keep tiny entries bounded. */
const ENTRY_OVERHEAD = 300;

export type MemoryStore = TextStore & { close(): void };

/**
 * Texts in this process, bounded in size: the least recently used makes room. What has expired is taken out within a
 * minute even if nobody asks for it again, so that personal data does not lie about longer than it may serve.
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
