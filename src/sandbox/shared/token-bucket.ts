import type { Clock } from "../../platform/clock.js";

/** A rate limit: so many requests a second on average, and a burst of at most so many at once. */
export interface RateLimit {
  readonly perSecond: number;
  readonly burst: number;
}

/** The rate limits of an API. Requests above either get 429. Absent: no limit. */
export interface RateLimits {
  /** For the one application that the sandbox knows. */
  readonly application?: RateLimit | undefined;
  /** For all applications together: it can refuse an application that is below its own limit. */
  readonly national?: RateLimit | undefined;
}

/** A bucket for the application and one for all applications together. */
export class RateLimiter {
  readonly #application: TokenBucket | undefined;
  readonly #national: TokenBucket | undefined;

  constructor({ application, national }: RateLimits, clock: Clock) {
    this.#application = application && new TokenBucket(application, clock);
    this.#national = national && new TokenBucket(national, clock);
  }

  /** Counts a request. Returns the limit that refuses it. */
  take(): keyof RateLimits | undefined {
    if (this.#application && !this.#application.take()) return "application";
    return this.#national && !this.#national.take() ? "national" : undefined;
  }
}

/** A token bucket: it refills steadily and each request takes one token. */
export class TokenBucket {
  #tokens: number;
  #filledAtMs: number;

  constructor(
    private readonly limit: RateLimit,
    private readonly clock: Clock,
  ) {
    this.#tokens = limit.burst;
    this.#filledAtMs = clock.now();
  }

  /** Takes a token. Returns false when there is none. */
  take(): boolean {
    const { perSecond, burst } = this.limit;
    const now = this.clock.now();
    const elapsedSeconds = Math.max(0, now - this.#filledAtMs) / 1000;
    this.#tokens = Math.min(burst, this.#tokens + elapsedSeconds * perSecond);
    this.#filledAtMs = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
