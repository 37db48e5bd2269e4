import { UpstreamError } from "../errors.js";
import { remainingMs } from "./deadline.js";
import type { OutboundCall } from "./pipeline.js";
import type { ServicePolicy } from "./service-policy.js";

/** The delays between attempts. */
export interface RetryDelays {
  /** Doubles with each retry; between half and the whole of it is waited. */
  readonly firstMs: number;
  readonly longestMs: number;
  /** After a 429 without `Retry-After`. */
  readonly rateLimitedMs: number;
}

/** One call waits at most 1.5 s between its attempts. The NHS recommends a first delay "from about 200–500 ms". */
export const RETRY_DELAYS: RetryDelays = { firstMs: 300, longestMs: 600, rateLimitedMs: 1_000 };

/** The time that a retry needs at least, where the attempt before took less. */
const MIN_ATTEMPT_MS = 250;

/** The progress of one attempt, for the decision to retry. */
export interface AttemptState {
  readonly isRetry: boolean;
  /** Undefined until the request is sent. */
  sentAt?: number;
  /** False when a circuit breaker would reject another attempt. */
  mayRetry: boolean;
}

/**
 * Decides about the retries of one call: a read is retried with growing, jittered delays, as long as another attempt fits
 * into the rest of the request. No other layer retries anything.
 */
export class RetryDecision {
  #attempts = 0;
  #retries = 0;
  #isRenewed = false;

  constructor(
    private readonly call: OutboundCall,
    private readonly policy: Pick<ServicePolicy, "maxRetries" | "retriesAfter">,
    private readonly delays: RetryDelays,
  ) {}

  /**
   * To be called once after each failed attempt. Discards the call's credentials after its first 401.
   *
   * @returns milliseconds to wait before the next attempt; undefined for no further attempt.
   */
  delayAfter(error: unknown, attempt: AttemptState): number | undefined {
    this.#attempts += 1;
    const delayMs = this.#delayAfter(error, attempt);
    return this.#attempts > this.policy.maxRetries ? undefined : delayMs;
  }

  #delayAfter(error: unknown, { sentAt, mayRetry }: AttemptState): number | undefined {
    const { purpose, signal, renew, maxRetries = Number.POSITIVE_INFINITY } = this.call;
    if (!(error instanceof UpstreamError) || sentAt === undefined) return undefined;
    if (purpose === "write" || signal.aborted) return undefined;
    if (error.httpStatus === 401 && renew && !this.#isRenewed) {
      this.#isRenewed = true;
      renew();
      return 0;
    }
    if (this.#retries >= Math.min(maxRetries, this.policy.retriesAfter(error))) return undefined;
    const { firstMs, longestMs, rateLimitedMs } = this.delays;
    const delayMs = halfJitter(Math.min(longestMs, firstMs * 2 ** this.#retries));
    this.#retries += 1;
    const askedMs = error.retryAfterMs ?? (error.httpStatus === 429 ? rateLimitedMs : 0);
    const attemptMs = Math.max(MIN_ATTEMPT_MS, performance.now() - sentAt);
    const fits = Math.max(delayMs, askedMs) + attemptMs < remainingMs(signal);
    return mayRetry && fits ? delayMs : undefined;
  }
}

/** Between half and the whole. */
function halfJitter(ms: number): number {
  return ms / 2 + (ms / 2) * Math.random();
}
