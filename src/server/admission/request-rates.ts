import { LRUCache } from "lru-cache";
import type { Caller } from "../../domain/caller.js";
import type { Clock } from "../../platform/clock.js";
import { hasherOf } from "../../platform/crypto/hmac.js";
import type { ScriptRunner } from "../../platform/resilience/shared-rate-limit.js";
import { withTimeout } from "../../platform/resilience/wait.js";

/** What a request has used of its limit. */
export interface RateOutcome {
  /** Whose limit it is. */
  readonly policy: "caller" | "organisation" | "anonymous";
  readonly exceeded: boolean;
  /** Requests in a window of one second. */
  readonly limit: number;
  readonly remaining: number;
  /** Seconds until the window ends, at least 1. */
  readonly resetSeconds: number;
}

export interface RequestRatesOptions {
  readonly clock: Clock;
  /** Keyed, so that nobody can read from a key who made requests. */
  readonly hashKey: Buffer;
  /** Counts for all instances together. Without it each process counts for itself. */
  readonly runner?: ScriptRunner | undefined;
  readonly callerLimit: number;
  /** Left out: ten times the caller's limit, since an organisation has many callers. */
  readonly organisationLimit?: number | undefined;
  readonly anonymousLimit: number;
}

const WINDOW_MS = 1_000;
const ORGANISATION_FACTOR = 10;
/** Redis responds in well under a millisecond. A request does not wait long for its count. */
const REDIS_TIMEOUT_MS = 50;
const MAX_LOCAL_WINDOWS = 20_000;

const COUNT_SCRIPT = `
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return count
`;

/**
 * Counts the requests of callers, of their organisations, and of senders without a valid token, in windows of one
 * second. Without Redis, or while it is lost, each process counts for itself: then the limits hold for each process.
 */
export class RequestRates {
  readonly #windows = new LRUCache<string, { readonly start: number; count: number }>({
    max: MAX_LOCAL_WINDOWS,
  });
  #redisLostUntil = 0;

  constructor(private readonly options: RequestRatesOptions) {}

  /**
   * Counts a request of a caller against the caller's limit and that of the organisation.
   *
   * @returns the outcome of the limit that leaves the caller less.
   */
  async countCaller({ person, organisation }: Caller): Promise<RateOutcome> {
    const { callerLimit, organisationLimit = callerLimit * ORGANISATION_FACTOR } = this.options;
    const { localId, subject = "" } = person;
    const [own, shared] = await Promise.all([
      this.#count("caller", [organisation.odsCode, localId, subject], callerLimit),
      this.#count("organisation", [organisation.odsCode], organisationLimit),
    ]);
    if (own.exceeded !== shared.exceeded) return own.exceeded ? own : shared;
    return shared.remaining < own.remaining ? shared : own;
  }

  /** Counts a request without a valid token. All senders share one limit of this process: they have no identity. */
  countAnonymous(): RateOutcome {
    const { anonymousLimit } = this.options;
    return this.#toOutcome("anonymous", this.#countLocally("anonymous"), anonymousLimit);
  }

  async #count(policy: RateOutcome["policy"], who: readonly string[], limit: number): Promise<RateOutcome> {
    const text = JSON.stringify([policy, ...who]);
    const key = hasherOf(this.options.hashKey).base64url(text);
    return this.#toOutcome(policy, (await this.#countInRedis(key)) ?? this.#countLocally(key), limit);
  }

  #toOutcome(policy: RateOutcome["policy"], count: number, limit: number): RateOutcome {
    return { policy, exceeded: count > limit, limit, remaining: Math.max(0, limit - count), resetSeconds: 1 };
  }

  #countLocally(key: string): number {
    const now = this.options.clock.now();
    const window = this.#windows.get(key);
    if (window === undefined || now - window.start >= WINDOW_MS) {
      this.#windows.set(key, { start: now, count: 1 });
      return 1;
    }
    window.count += 1;
    return window.count;
  }

  /** Undefined when Redis is not in use or lost. A lost Redis is tried again after a second. */
  async #countInRedis(key: string): Promise<number | undefined> {
    const { runner } = this.options;
    if (runner === undefined || performance.now() < this.#redisLostUntil) return undefined;
    try {
      const counted = runner.eval(COUNT_SCRIPT, [`spine-graph:requests:${key}`], [String(WINDOW_MS)]);
      const count = Number(await withTimeout(counted, REDIS_TIMEOUT_MS, () => new Error("Redis is lost")));
      return Number.isInteger(count) ? count : undefined;
    } catch {
      this.#redisLostUntil = performance.now() + WINDOW_MS;
      return undefined;
    }
  }
}
