import { GUARD_MS, type RateLimit, type RateLimiter, SlidingLogLimiter } from "./rate-limit.js";

/** The rate limits of the primary, one for each service, which all its workers share. */
export class PrimaryRateLimits {
  readonly #limiters = new Map<string, SlidingLogLimiter>();

  /** @returns 0 when the permit was taken; else the milliseconds after which to try again. */
  take(name: string, rateLimit: RateLimit): number {
    const limiter = this.#limiters.get(name) ?? new SlidingLogLimiter(rateLimit);
    this.#limiters.set(name, limiter);
    return limiter.take();
  }
}

/** How long after the loss of the primary a call tries again. The process ends before that. */
const LOST_MS = 1_000;

/** A rate limit of the primary, as a worker sees it. */
export class PrimaryRateLimiter implements RateLimiter {
  /** @param requestPermit calls {@link PrimaryRateLimits.take} of the primary for this limit. */
  constructor(private readonly requestPermit: () => Promise<number>) {}

  /**
   * Gives up a permit that took longer to arrive than the limit's guard covers: its request would be sent in another
   * window than the one it was counted in.
   */
  async take(): Promise<number> {
    const start = performance.now();
    try {
      const waitMs = await this.requestPermit();
      const isStale = performance.now() - start > GUARD_MS;
      return waitMs <= 0 && isStale ? 1 : waitMs;
    } catch {
      return LOST_MS;
    }
  }
}
