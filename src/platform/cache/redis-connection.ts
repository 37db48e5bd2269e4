import { createClient } from "@keyv/redis";
import type { RedisCommands } from "../intents/index.js";
import type { ScriptRunner } from "../resilience/shared-rate-limit.js";
import { withTimeout } from "../resilience/wait.js";
import type { Log } from "../telemetry/log.js";

/** A Redis for what must be confirmed, unlike a cache: intents of commands, and permits that instances share. */
export interface RedisConnection {
  readonly commands: RedisCommands;
  readonly scripts: ScriptRunner;
  close(): Promise<void>;
}

/** Who waits longer for Redis waits for one that is lost; what is not confirmed by then counts as not done. */
const CONFIRM_WITHIN_MS = 1_000;

/**
 * Connects in the background and for as long as it takes. A command that is sent while the connection is lost fails at
 * once, and one that is not answered in time fails then: whoever needs it confirmed refuses (design section 6).
 */
export function connectRedis({ url, log }: { readonly url: string; readonly log: Log }): RedisConnection {
  const client = createClient({
    url,
    disableOfflineQueue: true,
    pingInterval: 2_000,
    socket: {
      connectTimeout: CONFIRM_WITHIN_MS,
      socketTimeout: 5_000,
      reconnectStrategy: (attempt) => Math.min(50 * attempt, 500),
    },
  });
  let told = false;
  client.on("ready", () => {
    told = false;
  });
  client.on("error", () => {
    if (!told) log.warn("the store of commands does not answer; commands are refused until it is back");
    told = true;
  });
  client.connect().catch(() => {}); // told by the error event
  return {
    commands: {
      get: (key) => confirmed(client.get(key)),
      mGet: (keys) => confirmed(client.mGet(keys)),
      sMembers: (key) => confirmed(client.sMembers(key)),
      eval: (script, options) => confirmed(client.eval(script, options)),
    },
    scripts: {
      eval: (script, keys, args) => confirmed(client.eval(script, { keys: [...keys], arguments: [...args] })),
    },
    async close() {
      if (client.isOpen) client.destroy();
    },
  };
}

function confirmed<T>(response: Promise<T>): Promise<T> {
  return withTimeout(response, CONFIRM_WITHIN_MS, () => new Error("Redis did not confirm in time"));
}
