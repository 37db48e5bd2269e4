import type { UpstreamError } from "../errors.js";
import type { RateLimit } from "./rate-limit.js";

/** How the pipeline treats the calls to one service. */
export interface ServicePolicy {
  /** The service that errors name. */
  readonly errorService: string;
  /** The size of the service's bulkhead. */
  readonly maxConcurrency: number;
  /** Left out: no limit. */
  readonly rateLimit?: RateLimit | undefined;
  /** The most retries of one call, an attempt with renewed credentials included. */
  readonly maxRetries: number;
  /** How often a read may be retried after this failure; 0: never. */
  readonly retriesAfter: (error: UpstreamError) => number;
  /**
   * A read that was aborted says nothing about the service, unless it had waited for this long: that is a failure, since
   * the service should have responded.
   */
  readonly expectedResponseMs: number;
  /** For a proxy: the systems behind it, one for each target of a call. */
  readonly backends?: BackendPolicy | undefined;
}

/** The systems behind a proxy. Each has a bulkhead and a circuit breaker of its own. */
export interface BackendPolicy {
  /** The service that errors name, when a backend responded or the proxy says that it did not. */
  readonly errorService: string;
  readonly maxConcurrency: number;
  /** Calls that may wait for one backend. */
  readonly maxQueued: number;
  /** Failures in a row that open the circuit breaker of a backend. */
  readonly failuresToOpen: number;
}
