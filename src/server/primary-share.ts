import type { ValueStore } from "../platform/cache/value-store.js";
import type { RateLimit, RateLimiter } from "../platform/resilience/rate-limit.js";
import type { SharedCounter } from "./admission/request-counter.js";

/** What a worker shares with the other workers through their primary, unless Redis does. */
export interface PrimaryShare {
  /** Secrets that the primary generated, for ids and cache keys without a secret of their own. */
  readonly idSecret: string;
  readonly cacheSecret: string;
  readonly cache: ValueStore & { close(): void };
  readonly requests: SharedCounter;
  readonly createRateLimiter: (service: string, rateLimit: RateLimit) => RateLimiter;
}
