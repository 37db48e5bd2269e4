import type { CalledService } from "../telemetry/call-log.js";
import type { Lanes } from "./fair-queue.js";
import type { RepeatRules } from "./retry-policy.js";

/** One call of a client, which becomes one attempt or several. */
export interface TrafficCall extends RepeatRules {
  readonly service: CalledService;
  /** ODS code of the organisation addressed; a practice, behind the proxy. */
  readonly target: string | null;
  /** Writes are sent once, and once sent run to their end. */
  readonly purpose: "read" | "write";
  /** Until when the call may wait and be repeated. */
  readonly signal: AbortSignal;
  /** Whose turn it waits for. */
  readonly lanes: Lanes;
  /** Runs before each attempt waits for its place: fetching a token is a call of its own. */
  readonly prepare?: (() => Promise<void>) | undefined;
}

/**
 * The one layer between the clients and the wire: when a request may leave, whether it may at all, and whether it is
 * made again. One for the process.
 */
export interface Traffic {
  /**
   * @param attempt sends one request; run anew for every repeat.
   * @throws NotSentError when nothing was sent.
   */
  run<T>(call: TrafficCall, attempt: () => Promise<T>): Promise<T>;
}

/** No rules at all: each call is sent at once, and once. For tests of what is sent. */
export const passThrough: Traffic = {
  async run(call, attempt) {
    await call.prepare?.();
    return attempt();
  },
};
