import { type CacheStore, createCacheStore } from "../platform/cache/cache-store.js";
import type { Config } from "../platform/config/config.js";
import { createKeyring } from "../platform/crypto/keyring.js";
import type { Log } from "../platform/telemetry/log.js";
import type { PrimaryShare } from "./primary-share.js";

/** Redis where it is set; else the primary's cache; else this process's own. */
export function createCache(config: Config, log: Log, primary: PrimaryShare | undefined): CacheStore {
  const { CACHE_URL: url, CACHE_ENCRYPTION_KEY: encryptionKeys } = config;
  if (url !== undefined || primary === undefined) return createCacheStore({ url, encryptionKeys, log });
  const keyring = createKeyring(primary.cacheSecret);
  return { values: primary.cache, keyring, close: async () => primary.cache.close() };
}
