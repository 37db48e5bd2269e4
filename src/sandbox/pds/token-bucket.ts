import type { Clock } from "../../platform/clock.js";

/** A rate limit: so many requests a second on average, and a burst of at most so many at once. */
export interface RateLimit {
  readonly perSecond: number;
  readonly burst: number;
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
