/** Takes permits to send, within a rate limit of this process or one that the whole deployment shares. */
export interface RateLimiter {
  /**
   * Takes a permit to send one request. Never rejects.
   *
   * @returns 0 when the permit was taken; else the milliseconds after which to try again.
   */
  take(): number | Promise<number>;
}

export interface RateLimit {
  /** The most requests in any window. */
  readonly limit: number;
  readonly windowMs: number;
  /** The least time between two requests. */
  readonly gapMs: number;
}

const WINDOW_MS = 1_000;
/** The time between taking a permit and sending the first byte varies, and the upstream counts arrivals. */
export const GUARD_MS = 50;

/**
 * So many requests in any second, wherever the second begins.
 *
 * @param spikeFactor how many times its steady rate the upstream accepts at once. Left out: any burst within the limit.
 */
export function rateLimitPerSecond(limit: number, spikeFactor?: number): RateLimit {
  const gapMs = spikeFactor === undefined ? 0 : WINDOW_MS / (limit * spikeFactor);
  return { limit, gapMs, windowMs: WINDOW_MS + GUARD_MS };
}

/** The rate limiter of one process: a log of the sends of the last window, so that no window exceeds the limit. */
export class SlidingLogLimiter implements RateLimiter {
  readonly #sentAt: number[] = [];

  constructor(private readonly rateLimit: RateLimit) {}

  take(): number {
    const now = performance.now();
    const waitMs = this.#waitFrom(now);
    if (waitMs <= 0) this.#sentAt.push(now);
    return waitMs;
  }

  #waitFrom(now: number): number {
    const { limit, windowMs, gapMs } = this.rateLimit;
    while (this.#sentAt[0] !== undefined && this.#sentAt[0] + windowMs <= now) this.#sentAt.shift();
    // The send that must have left the window first.
    const blocking = this.#sentAt[this.#sentAt.length - limit];
    const last = this.#sentAt.at(-1);
    const forWindow = blocking === undefined ? 0 : blocking + windowMs - now;
    const forGap = last === undefined ? 0 : last + gapMs - now;
    return Math.max(0, forWindow, forGap);
  }
}
