import { UpstreamError } from "../errors.js";
import { remainingMs } from "./deadline.js";
import { NotSentError } from "./not-sent.js";
import type { OutboundCall } from "./pipeline.js";
import type { ServicePolicy } from "./service-policy.js";
import { wait } from "./wait.js";

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
 * Makes the attempts of one call: the first, and retries of a read with growing, jittered delays, as long as another
 * attempt fits into the rest of the request. No other layer retries anything.
 *
 * @throws what the last attempt that was sent threw.
 */
export async function withRetries<T>(
  call: OutboundCall,
  policy: Pick<ServicePolicy, "maxRetries" | "retriesAfter">,
  delays: RetryDelays,
  attempt: (state: AttemptState) => Promise<T>,
): Promise<T> {
  const decide = retryDecision(call, policy, delays);
  let failure: unknown;
  for (let retries = 0; ; retries += 1) {
    const state: AttemptState = { isRetry: retries > 0, mayRetry: true };
    try {
      return await attempt(state);
    } catch (error) {
      // A retry that was never sent says less than the attempt before it.
      if (failure !== undefined && error instanceof NotSentError) throw failure;
      failure = error;
      const delayMs = decide(error, state);
      if (delayMs === undefined || retries >= policy.maxRetries) throw error;
      if (!(await wait(delayMs, call.signal))) throw error;
    }
  }
}

type RetryDecision = (error: unknown, state: AttemptState) => number | undefined;

/** @returns a function that says how long to wait before the next attempt, or undefined for no further attempt. */
function retryDecision(
  { purpose, signal, renew, maxRetries = Number.POSITIVE_INFINITY }: OutboundCall,
  policy: Pick<ServicePolicy, "retriesAfter">,
  delays: RetryDelays,
): RetryDecision {
  let retries = 0;
  let isRenewed = false;

  return (error, { sentAt, mayRetry }) => {
    if (!(error instanceof UpstreamError) || sentAt === undefined) return undefined;
    if (purpose === "write" || signal.aborted) return undefined;
    if (error.httpStatus === 401 && renew && !isRenewed) {
      isRenewed = true;
      renew();
      return 0;
    }
    if (retries >= Math.min(maxRetries, policy.retriesAfter(error))) return undefined;
    const delayMs = halfJitter(Math.min(delays.longestMs, delays.firstMs * 2 ** retries));
    retries += 1;
    const askedMs = error.retryAfterMs ?? (error.httpStatus === 429 ? delays.rateLimitedMs : 0);
    const attemptMs = Math.max(MIN_ATTEMPT_MS, performance.now() - sentAt);
    const fits = Math.max(delayMs, askedMs) + attemptMs < remainingMs(signal);
    return mayRetry && fits ? delayMs : undefined;
  };
}

/** Between half and the whole. */
function halfJitter(ms: number): number {
  return ms / 2 + (ms / 2) * Math.random();
}
