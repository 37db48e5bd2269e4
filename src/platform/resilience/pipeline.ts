import type { Flow } from "./fair-queue.js";

/** One call of a client, which becomes one attempt or several. */
export interface OutboundCall {
  /** A service of the policy table. */
  readonly service: string;
  /** The system addressed behind a proxy, by its ODS code. */
  readonly target: string | null;
  /** A write is sent once, and once sent it runs to its end. */
  readonly purpose: "read" | "write";
  /** Until when the call may wait and be retried. */
  readonly signal: AbortSignal;
  /** Whose turn the call waits for. */
  readonly flow: Flow;
  /** Runs before each attempt starts to wait. A token request, for instance, is a call of its own. */
  readonly prepare?: (() => Promise<void>) | undefined;
  /** Fewer retries than the service's policy allows. */
  readonly maxRetries?: number | undefined;
  /** Discards the credentials, so that the next attempt has new ones. With it, one 401 is retried. */
  readonly renew?: (() => void) | undefined;
}

/** The load and the health of one service, as this process sees them now. */
export interface ServiceState {
  readonly service: string;
  /** Calls that have been sent and not ended. */
  readonly inFlight: number;
  /** Calls that wait for a place or for the rate limit. */
  readonly waiting: number;
  readonly isCircuitOpen: boolean;
  /** Backends behind the service with an open circuit breaker: practices behind the proxy. */
  readonly openBackends: number;
}

/**
 * The only layer between the clients and the wire. It decides when a request may be sent, whether it may be sent at all,
 * and whether it is retried. There is one for the process.
 */
export interface ResiliencePipeline {
  /**
   * @param attempt sends one request. It runs again for every retry.
   * @throws NotSentError when nothing was sent; else what the last attempt that was sent threw.
   */
  run<T>(call: OutboundCall, attempt: () => Promise<T>): Promise<T>;
}

/** @param ms that a call waited for its place and its permit before it was sent. */
export type WaitListener = (service: string, ms: number) => void;

/** What monitoring reads. */
export interface ObservedPipeline extends ResiliencePipeline {
  readonly states: readonly ServiceState[];
  onWait(listener: WaitListener): void;
}
