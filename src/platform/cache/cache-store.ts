import Keyv from "keyv";
import { createCipher } from "../crypto/cipher.js";
import { createKeyring, type Keyring } from "../crypto/keyring.js";
import type { Log } from "../telemetry/log.js";
import { sealedStore } from "./encrypted-cache-store.js";
import { createMemoryStore } from "./memory-cache-store.js";
import { connectRedisStore } from "./redis-cache-store.js";

export interface CacheStoreOptions {
  /** `CACHE_URL`, `redis:` or `rediss:`. Left out, answers are kept in this process. */
  readonly url?: string | undefined;
  /** `CACHE_ENCRYPTION_KEY`, in its order; needed with a URL. */
  readonly encryptionKeys?: readonly string[] | undefined;
  readonly log?: Pick<Log, "info" | "warn"> | undefined;
  /** Bound of the store in memory, in characters. */
  readonly maxCharacters?: number | undefined;
}

/** Where answers are kept for a while. Losing it, or anything in it, costs calls and never an answer. */
export interface CacheStore {
  readonly keyv: Keyv;
  /** For the keyed hashes that entries are kept under: the same for all who share the store. */
  readonly keyring: Keyring;
  close(): Promise<void>;
}

/**
 * Keyv over this process's memory, or over Redis when several instances share (design section 6). To Redis nothing
 * readable goes: values are sealed here, names are hashes already.
 */
export function createCacheStore(options: CacheStoreOptions = {}): CacheStore {
  if (options.url === undefined) {
    const memory = createMemoryStore(options.maxCharacters);
    return { keyv: overStore(memory), keyring: createKeyring(), close: async () => memory.close() };
  }
  const keys = options.encryptionKeys ?? [];
  const cipher = createCipher(keys);
  const redis = connectRedisStore({ url: options.url, log: options.log });
  return {
    keyv: overStore(sealedStore(redis, cipher)),
    // The last key is the oldest: a new key in front changes how values are sealed, not where they are found.
    keyring: createKeyring(keys.at(-1)),
    close: () => redis.close(),
  };
}

function overStore(store: object): Keyv {
  // What is kept is plain JSON. Keyv's own form of it, which knows buffers as well, takes several times as long.
  const keyv = new Keyv({ store, useKeyPrefix: false, serialize: JSON.stringify, deserialize: JSON.parse });
  // A store tells of its own faults; without a listener Keyv would throw them at whoever asks.
  keyv.on("error", () => {});
  return keyv;
}
