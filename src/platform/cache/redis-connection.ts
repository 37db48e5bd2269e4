import type { ScriptRunner } from "../resilience/shared-rate-limit.js";
import { withTimeout } from "../resilience/wait.js";
import type { Log } from "../telemetry/log.js";
import { loadRedis } from "./load-redis.js";

/** A Redis for what must be confirmed, unlike a cache: command intents, and a rate limit that instances share. */
export interface RedisConnection {
  readonly scripts: ScriptRunner;
  close(): Promise<void>;
}

/** A slower Redis is treated as lost. What is not confirmed by then counts as not done. */
const CONFIRM_WITHIN_MS = 1_000;

/**
 * Connects in the background and keeps trying. A command that is sent while the connection is lost fails at once, and one
 * without a response in time fails then. A caller that needs it confirmed refuses its own work (design, section 6).
 */
export function connectRedis({ url, log }: { readonly url: string; readonly log: Log }): RedisConnection {
  const client = loadRedis().createClient({
    url,
    disableOfflineQueue: true,
    pingInterval: 2_000,
    socket: {
      connectTimeout: CONFIRM_WITHIN_MS,
      socketTimeout: 5_000,
      reconnectStrategy: (attempt) => Math.min(50 * attempt, 500),
    },
  });
  let isReported = false;
  client.on("ready", () => {
    isReported = false;
  });
  client.on("error", () => {
    if (!isReported) log.warn("the command store does not respond; commands are refused until it is back");
    isReported = true;
  });
  client.connect().catch(() => {}); // reported by the error event
  return {
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
