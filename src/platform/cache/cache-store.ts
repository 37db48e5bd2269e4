import Keyv from "keyv";
import { createCipher } from "../crypto/cipher.js";
import { createKeyring, type Keyring } from "../crypto/keyring.js";
import type { Log } from "../telemetry/log.js";
import { encryptStore } from "./encrypted-cache-store.js";
import { createMemoryStore } from "./memory-cache-store.js";
import { connectRedisStore } from "./redis-cache-store.js";
import type { ValueStore } from "./value-store.js";

export interface CacheStoreOptions {
  /** `CACHE_URL`, `redis:` or `rediss:`. Left out: values are kept in this process. */
  readonly url?: string | undefined;
  /** `CACHE_ENCRYPTION_KEY`, in its order. Required with a URL. */
  readonly encryptionKeys?: readonly string[] | undefined;
  readonly log?: Pick<Log, "info" | "warn"> | undefined;
  /** The limit of the store in memory, in characters. */
  readonly maxCharacters?: number | undefined;
}

/** Stores values for their time to live. Losing any of it costs upstream calls, never correctness. */
export interface CacheStore {
  readonly values: ValueStore;
  /** Derives the key of the hashes under which entries are stored. The same for all instances that share the store. */
  readonly keyring: Keyring;
  close(): Promise<void>;
}

/**
 * Keyv over this process's memory, or over Redis when several instances share the cache (design, section 6). Redis
 * receives nothing readable: values are encrypted here, and keys are hashes.
 */
export function createCacheStore(options: CacheStoreOptions = {}): CacheStore {
  if (options.url === undefined) {
    const memory = createMemoryStore(options.maxCharacters);
    const values = createKeyv(memory);
    // Without a format Keyv keeps the objects themselves.
    values.serialize = undefined;
    values.deserialize = undefined;
    return { values, keyring: createKeyring(), close: async () => memory.close() };
  }
  const keys = options.encryptionKeys ?? [];
  const cipher = createCipher(keys);
  const redis = connectRedisStore({ url: options.url, log: options.log });
  return {
    values: createKeyv(encryptStore(redis, cipher)),
    // The last key is the oldest. A new key in front changes how values are encrypted, not where they are found.
    keyring: createKeyring(keys.at(-1)),
    close: () => redis.close(),
  };
}

function createKeyv(store: object): Keyv {
  // Values are plain JSON. Keyv's own format, which also supports buffers, takes several times as long.
  const keyv = new Keyv({ store, useKeyPrefix: false, serialize: JSON.stringify, deserialize: JSON.parse });
  // The store reports its own faults. Without a listener, Keyv would throw them at its caller.
  keyv.on("error", () => {});
  return keyv;
}
