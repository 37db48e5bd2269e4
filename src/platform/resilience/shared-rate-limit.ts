import { randomUUID } from "node:crypto";
import {
  ConsecutiveBreaker,
  circuitBreaker,
  handleAll,
  type IPolicy,
  TimeoutStrategy,
  timeout,
  wrap,
} from "cockatiel";
import type { Log } from "../telemetry/log.js";
import { type Budget, type PermitSource, SlidingLog } from "./index.js";

/** What is asked of a Redis client. Any client that can run a script will do. */
export interface ScriptRunner {
  eval(script: string, keys: readonly string[], args: readonly string[]): Promise<unknown>;
}

export interface SharedPermitsOptions {
  readonly runner: ScriptRunner;
  /** Whose budget: the same for all instances that share it, different for each application and service. */
  readonly name: string;
  readonly budget: Budget;
  readonly log?: Pick<Log, "warn" | "info"> | undefined;
}

/** Redis answers in well under a millisecond; who waits longer waits for one that is lost. */
const ANSWER_WITHIN_MS = 200;
/** How soon a lost Redis is tried again. */
const TRY_AGAIN_MS = 1_000;
/** An instance that has not asked for so long is no longer counted. */
const INSTANCE_LIFE_MS = 5 * 60_000;
/** How many instances are assumed to share the budget while it cannot be known, at the least. */
const FEWEST_ASSUMED = 4;

/**
 * A log of what was sent in the last window, as scores of a sorted set: members older than the window go, and one more
 * joins if there is room. By the server's own clock, in microseconds, so that no two processes' clocks need agree.
 * A second set counts the instances that ask. The script runs alone: between its look and its entry there is nobody.
 *
 * Returns the milliseconds to wait (0: entered) and the number of instances.
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
 * One budget for the whole deployment, kept in Redis. While Redis is lost, each process goes on alone with its share:
 * the budget divided by the instances last seen, by four at the least. It sends nothing for one window after the loss,
 * and for one after the return, since what others sent meanwhile is unknown to it. Only while some instances have
 * lost Redis and others have not can their sum exceed the budget, by the shares of those that have.
 */
export class SharedPermits implements PermitSource {
  readonly #instance = randomUUID();
  readonly #policy: IPolicy;
  readonly #keys: readonly string[];
  #taken = 0;
  #instances = 0;
  /** Since when Redis is lost, and what this process allows itself meanwhile. */
  #alone: { readonly since: number; readonly share: PermitSource; lastAt: number } | undefined;

  constructor(private readonly options: SharedPermitsOptions) {
    // In braces, so that a cluster keeps both in one place.
    this.#keys = ["sent", "instances"].map((what) => `spine-graph:budget:{${options.name}}:${what}`);
    this.#policy = wrap(
      circuitBreaker(handleAll, { halfOpenAfter: TRY_AGAIN_MS, breaker: new ConsecutiveBreaker(1) }),
      timeout(ANSWER_WITHIN_MS, TimeoutStrategy.Aggressive),
    );
  }

  /** Never rejects. */
  async take(): Promise<number> {
    try {
      const { wait, instances } = await this.#policy.execute(() => this.#ask());
      this.#instances = instances;
      return this.#alone ? this.#comeBack(this.#alone.lastAt) : wait;
    } catch {
      return this.#takeAlone();
    }
  }

  async #ask(): Promise<{ wait: number; instances: number }> {
    const { limit, windowMs, gapMs } = this.options.budget;
    this.#taken += 1;
    const member = `${this.#instance}:${this.#taken}`;
    const args = [limit, windowMs, gapMs, member, this.#instance, INSTANCE_LIFE_MS].map(String);
    return readAnswer(await this.options.runner.eval(SLIDING_LOG_SCRIPT, this.#keys, args));
  }

  #takeAlone(): number | Promise<number> {
    const now = performance.now();
    const { windowMs } = this.options.budget;
    if (!this.#alone) {
      const share = shareOf(this.options.budget, Math.max(FEWEST_ASSUMED, this.#instances));
      this.#alone = { since: now, share: new SlidingLog(share), lastAt: now - windowMs };
      this.options.log?.warn(
        { budget: this.options.name },
        "shared budget lost; going on with a share of it",
      );
    }
    const silence = this.#alone.since + windowMs - now;
    if (silence > 0) return silence;
    const wait = this.#alone.share.take();
    if (wait === 0) this.#alone.lastAt = now;
    return wait;
  }

  /** What was just entered is given up for the silence that is due. */
  #comeBack(lastAt: number): number {
    this.#alone = undefined;
    this.options.log?.info({ budget: this.options.name }, "shared budget found again");
    return Math.max(1, lastAt + this.options.budget.windowMs - performance.now());
  }
}

/** One instance's part of a budget: fewer in a window, or one in a longer window. */
export function shareOf({ limit, windowMs, gapMs }: Budget, instances: number): Budget {
  const part = Math.floor(limit / instances);
  const gap = gapMs * instances;
  return part >= 1
    ? { limit: part, windowMs, gapMs: gap }
    : { limit: 1, windowMs: Math.ceil((windowMs * instances) / limit), gapMs: gap };
}

function readAnswer(answer: unknown): { wait: number; instances: number } {
  const [wait, instances] = Array.isArray(answer) ? answer.map(Number) : [];
  if (wait === undefined || instances === undefined || !(wait >= 0) || !(instances >= 1)) {
    throw new TypeError("not the script's answer");
  }
  return { wait, instances };
}
