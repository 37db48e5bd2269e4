import { connectRedis } from "../platform/cache/redis-connection.js";
import type { Clock } from "../platform/clock.js";
import type { Config } from "../platform/config/config.js";
import {
  createFileIntentStore,
  createRedisIntentStore,
  type IntentStore,
} from "../platform/intents/index.js";
import type { ScriptRunner } from "../platform/resilience/shared-rate-limit.js";
import type { Log } from "../platform/telemetry/log.js";

export interface SharedStores {
  /** Persists each command before it is sent. The user of the store closes it. */
  readonly intentStore: IntentStore;
  /** Counts the calls of all instances together. Undefined with one instance. */
  readonly sharedScripts: ScriptRunner | undefined;
}

/** Instances that share a cache also share their commands and budgets. A single instance keeps commands in a file. */
export function openSharedStores(config: Config, clock: Clock, log: Log): SharedStores {
  if (config.CACHE_URL === undefined) {
    return {
      intentStore: createFileIntentStore({ path: config.INTENT_FILE, clock }),
      sharedScripts: undefined,
    };
  }
  const redis = connectRedis({ url: config.CACHE_URL, log });
  return {
    intentStore: createRedisIntentStore({ client: redis.commands, clock, close: redis.close }),
    sharedScripts: redis.scripts,
  };
}
