import { CircuitBreaker } from "../resilience/circuit-breaker.js";
import { ConsecutiveFailures } from "../resilience/failure-counters.js";
import { withTimeout } from "../resilience/wait.js";
import type { Log } from "../telemetry/log.js";
import type { TextStore } from "./encrypted-cache-store.js";
import { loadRedis } from "./load-redis.js";

const NAMESPACE = "spine-graph";
/** A healthy response takes under 1 ms, so this ends only the commands of a Redis that hangs. */
const COMMAND_TIMEOUT_MS = 500;
const CONNECT_TIMEOUT_MS = 2_000;
const FAILURES_TO_OPEN = 3;
const PROBE_AFTER_MS = 1_000;

export interface RedisStoreOptions {
  readonly url: string;
  readonly log?: Pick<Log, "info" | "warn"> | undefined;
}

export type RedisStore = TextStore & { close(): Promise<void> };

/**
 * Texts in a Redis that instances share. Connects in the background and keeps trying. Until it is connected, and whenever
 * the connection is lost, everything is a miss at once; by default, each call would wait for a lost Redis.
 *
 * The client is connected here and not by the adapter, which would wait for it in every call and add its listeners again
 * with each attempt. When a connected Redis does not respond, the circuit breaker opens after three time-outs and the
 * connection is replaced, because a dead connection can look alive for a quarter of an hour.
 */
export function connectRedisStore({ url, log }: RedisStoreOptions): RedisStore {
  const { default: KeyvRedis, createClient } = loadRedis();
  const client = createClient({
    url,
    disableOfflineQueue: true,
    pingInterval: 2_000,
    socket: {
      connectTimeout: CONNECT_TIMEOUT_MS,
      // Ends a handshake without a response. The pings keep an idle connection from looking like one.
      socketTimeout: 5_000,
      reconnectStrategy: (attempt) => Math.min(50 * attempt, 500),
    },
  });
  const redis = new KeyvRedis<string>(client, { namespace: NAMESPACE, throwOnErrors: true });
  let hasTimedOut = false;
  const circuitBreaker = new CircuitBreaker({
    counter: new ConsecutiveFailures(FAILURES_TO_OPEN),
    probeAfterMs: PROBE_AFTER_MS,
    rejection: () => new Error("the circuit breaker of the shared cache is open"),
    onChange: (state) => {
      if (state === "open" && hasTimedOut && client.isReady) reconnect();
    },
  });

  let closed = false;
  let reachable: boolean | undefined;
  const note = (now: boolean, reason?: string) => {
    if (reachable === now || closed) return;
    reachable = now;
    if (now) log?.info("the shared cache is connected");
    else log?.warn({ reason }, "the shared cache does not respond; nothing is reused until it is back");
  };
  client.on("ready", () => note(true));
  client.on("error", (error: unknown) => note(false, errorCode(error)));
  redis.on("error", () => {}); // the client's error, a second time
  connect();

  /** Replaces a connection that looks alive and is dead. */
  function reconnect(): void {
    note(false, "timeout");
    client.destroy();
    connect();
  }

  function connect(): void {
    client.connect().catch(() => {}); // reported by the error event; ends only when closed
  }

  async function attempt<T>(command: () => Promise<T>): Promise<T | undefined> {
    if (closed || !client.isReady) return undefined;
    const work = () =>
      withTimeout(command(), COMMAND_TIMEOUT_MS, () => new NoResponse()).catch((error: unknown) => {
        hasTimedOut = error instanceof NoResponse;
        throw error;
      });
    try {
      return await circuitBreaker.run(work);
    } catch {
      return undefined; // a cache fault is a miss (design, section 6)
    }
  }

  return {
    get: (key) => attempt(async () => redis.get<string>(key)),
    set: async (key, text, ttlMs) =>
      (await attempt(async () => {
        await redis.set(key, text, ttlMs);
        return true;
      })) ?? false,
    delete: async (key) => (await attempt(() => redis.delete(key))) ?? false,
    clear: async () => {
      await attempt(() => redis.clear());
    },
    async close() {
      closed = true;
      if (client.isOpen) client.destroy();
    },
  };
}

class NoResponse extends Error {}

/** A short word for the log, because messages may contain the address. */
function errorCode(error: unknown): string {
  if (error instanceof Error) return "code" in error ? String(error.code) : error.constructor.name;
  return "unknown";
}
