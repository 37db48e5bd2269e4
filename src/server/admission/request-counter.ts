import { LRUCache } from "lru-cache";
import type { Clock } from "../../platform/clock.js";
import type { ScriptRunner } from "../../platform/resilience/shared-rate-limit.js";
import { withTimeout } from "../../platform/resilience/wait.js";

/** The window in which requests are counted. */
export const WINDOW_MS = 1_000;

/** Redis responds in well under a millisecond. A request does not wait long for its count. */
const REDIS_TIMEOUT_MS = 50;
const MAX_LOCAL_WINDOWS = 20_000;

/** Counts requests for several processes together. */
export interface SharedCounter {
  /** Counts one request, and resolves with the requests under the key in the current window. Rejects when it is lost. */
  increment(key: string): Promise<number>;
}

/** Counts the requests of one process. */
export class LocalCounter {
  readonly #windows = new LRUCache<string, { readonly start: number; count: number }>({
    max: MAX_LOCAL_WINDOWS,
  });

  constructor(private readonly clock: Clock) {}

  /** Counts one request. @returns the requests under the key in the current window. */
  increment(key: string): number {
    const now = this.clock.now();
    const window = this.#windows.get(key);
    if (window === undefined || now - window.start >= WINDOW_MS) {
      this.#windows.set(key, { start: now, count: 1 });
      return 1;
    }
    window.count += 1;
    return window.count;
  }
}

const COUNT_SCRIPT = `
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return count
`;

/** Counts in Redis, for all instances that share it. */
export function createRedisCounter(runner: ScriptRunner): SharedCounter {
  return {
    async increment(key) {
      const counted = runner.eval(COUNT_SCRIPT, [`spine-graph:requests:${key}`], [String(WINDOW_MS)]);
      const count = Number(await withTimeout(counted, REDIS_TIMEOUT_MS, () => new Error("Redis is lost")));
      if (!Number.isInteger(count)) throw new TypeError("not a count");
      return count;
    },
  };
}
