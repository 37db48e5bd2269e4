import { randomUUID } from "node:crypto";
import type { Log } from "../telemetry/log.js";
import { CircuitBreaker } from "./circuit-breaker.js";
import { ConsecutiveFailures } from "./failure-counters.js";
import { GUARD_MS, type RateLimit, type RateLimiter, SlidingLogLimiter } from "./rate-limit.js";
import { withTimeout } from "./wait.js";

/** What the rate limiter needs of a Redis client. */
export interface ScriptRunner {
  eval(script: string, keys: readonly string[], args: readonly string[]): Promise<unknown>;
}

export interface SharedRateLimiterOptions {
  readonly runner: ScriptRunner;
  /** The same for all instances that share the limit, different for each application and service. */
  readonly name: string;
  readonly rateLimit: RateLimit;
  readonly log?: Pick<Log, "warn" | "info"> | undefined;
}

/** Redis responds in well under a millisecond; a slower one is treated as lost. */
const TIMEOUT_MS = 200;
/** How soon a lost Redis is tried again. */
const PROBE_AFTER_MS = 1_000;
/** An instance that took no permit for so long is no longer counted. */
const INSTANCE_LIFE_MS = 5 * 60_000;
/** The least number of instances that is assumed to share the limit while the number is unknown. */
const MIN_ASSUMED_INSTANCES = 4;
/** So many late permits in a row are not a pause of this process: Redis is too slow for a shared limit, and treated as lost. */
const MAX_LATE_PERMITS = 3;

/**
 * A sliding log of the sends of the last window, kept as the scores of a sorted set: entries older than the window are
 * removed, and a new entry is added if there is room. Times are the server's own, in microseconds, so that no two
 * processes' clocks need to agree. A second set counts the instances. The script runs atomically.
 *
 * Returns the milliseconds to wait (0: permit taken) and the number of instances.
 */
export const SLIDING_LOG_SCRIPT = `
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local limit, window, gap = tonumber(ARGV[1]), tonumber(ARGV[2]) * 1000, tonumber(ARGV[3]) * 1000
local life = tonumber(ARGV[6]) * 1000
redis.call('ZADD', KEYS[2], now, ARGV[5])
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - life)
redis.call('PEXPIRE', KEYS[2], ARGV[6])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - window)
local sent = redis.call('ZCARD', KEYS[1])
local wait = 0
if sent >= limit then
  local blocking = redis.call('ZRANGE', KEYS[1], sent - limit, sent - limit, 'WITHSCORES')
  wait = blocking[2] + window - now
end
local last = redis.call('ZRANGE', KEYS[1], -1, -1, 'WITHSCORES')
if last[2] then wait = math.max(wait, last[2] + gap - now) end
if wait <= 0 then
  redis.call('ZADD', KEYS[1], now, ARGV[4])
  redis.call('PEXPIRE', KEYS[1], math.ceil((window + gap) / 1000) + 1000)
  return {0, redis.call('ZCARD', KEYS[2])}
end
return {math.ceil(wait / 1000), redis.call('ZCARD', KEYS[2])}
`;

/**
 * One rate limit for the whole deployment, kept in Redis.
 *
 * While Redis is lost, each process continues with its share: the limit divided by the number of instances last seen, at
 * least by four. It sends nothing for one window after the loss, and for one after the return, because it does not know
 * what the others have sent. Only while some instances have lost Redis and others have not can their sum exceed the
 * limit, by the shares of those that have.
 *
 * A permit that took longer to arrive than the limit's guard covers is given up: its request would be sent in another
 * window than the one it was counted in.
 */
export class SharedRateLimiter implements RateLimiter {
  readonly #instance = randomUUID();
  readonly #circuitBreaker: CircuitBreaker;
  readonly #keys: readonly string[];
  #requested = 0;
  #instances = 0;
  /** In a row. */
  #latePermits = 0;
  /** Since when Redis is lost, and this process's share of the limit meanwhile. */
  #alone: { readonly since: number; readonly share: RateLimiter; lastAt: number } | undefined;

  constructor(private readonly options: SharedRateLimiterOptions) {
    // The braces make a Redis cluster keep both keys in one place.
    this.#keys = ["sent", "instances"].map((what) => `spine-graph:budget:{${options.name}}:${what}`);
    this.#circuitBreaker = new CircuitBreaker({
      counter: new ConsecutiveFailures(1),
      probeAfterMs: PROBE_AFTER_MS,
      rejection: () => new Error("Redis is lost"),
    });
  }

  /** Never rejects. */
  async take(): Promise<number> {
    try {
      const { waitMs, instances } = await this.#circuitBreaker.run(() => this.#runScript());
      this.#instances = instances;
      return this.#alone ? this.#rejoin(this.#alone.lastAt) : waitMs;
    } catch {
      return this.#takeAlone();
    }
  }

  async #runScript(): Promise<{ waitMs: number; instances: number }> {
    const { limit, windowMs, gapMs } = this.options.rateLimit;
    this.#requested += 1;
    const member = `${this.#instance}:${this.#requested}`;
    const args = [limit, windowMs, gapMs, member, this.#instance, INSTANCE_LIFE_MS].map(String);
    const requestedAt = performance.now();
    const result = this.options.runner.eval(SLIDING_LOG_SCRIPT, this.#keys, args);
    const permit = parseResult(
      await withTimeout(result, TIMEOUT_MS, () => new Error("Redis did not respond in time")),
    );
    const isLate = performance.now() - requestedAt > GUARD_MS;
    this.#latePermits = isLate ? this.#latePermits + 1 : 0;
    if (this.#latePermits >= MAX_LATE_PERMITS) throw new Error("Redis is too slow");
    return isLate ? { ...permit, waitMs: Math.max(1, permit.waitMs) } : permit;
  }

  #takeAlone(): number | Promise<number> {
    const now = performance.now();
    const { windowMs } = this.options.rateLimit;
    if (!this.#alone) {
      const share = shareOf(this.options.rateLimit, Math.max(MIN_ASSUMED_INSTANCES, this.#instances));
      this.#alone = { since: now, share: new SlidingLogLimiter(share), lastAt: now - windowMs };
      this.options.log?.warn(
        { rateLimit: this.options.name },
        "shared rate limit lost; continuing with a share of it",
      );
    }
    const silenceMs = this.#alone.since + windowMs - now;
    if (silenceMs > 0) return silenceMs;
    const waitMs = this.#alone.share.take();
    if (waitMs === 0) this.#alone.lastAt = now;
    return waitMs;
  }

  /** Gives up the permit that was just taken, because a window of silence is due. */
  #rejoin(lastAt: number): number {
    this.#alone = undefined;
    this.options.log?.info({ rateLimit: this.options.name }, "shared rate limit restored");
    return Math.max(1, lastAt + this.options.rateLimit.windowMs - performance.now());
  }
}

/** One instance's share of a rate limit: fewer requests in a window, or one in a longer window. */
export function shareOf({ limit, windowMs, gapMs }: RateLimit, instances: number): RateLimit {
  const part = Math.floor(limit / instances);
  const gap = gapMs * instances;
  return part >= 1
    ? { limit: part, windowMs, gapMs: gap }
    : { limit: 1, windowMs: Math.ceil((windowMs * instances) / limit), gapMs: gap };
}

function parseResult(result: unknown): { waitMs: number; instances: number } {
  const [waitMs, instances] = Array.isArray(result) ? result.map(Number) : [];
  if (waitMs === undefined || instances === undefined || !(waitMs >= 0) || !(instances >= 1)) {
    throw new TypeError("not the script's result");
  }
  return { waitMs, instances };
}
