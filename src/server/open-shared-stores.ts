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
  /** Where commands are written down before they are sent; whoever uses it closes it. */
  readonly intentStore: IntentStore;
  /** Where instances count their calls together; undefined when there is one instance. */
  readonly sharedScripts: ScriptRunner | undefined;
}

/** Instances that share a cache share their commands and their budgets as well; one alone keeps commands in a file. */
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
