import type { CallRecord } from "./call-log.js";

/** What is traced of an HTTP request. All times are milliseconds since the Unix epoch. */
export interface TracedRequest {
  readonly method: string;
  /** The route's pattern, never the URL. */
  readonly route: string;
  /** The caller's `traceparent` header. */
  readonly traceParent: unknown;
  /** Links the trace to the log. */
  readonly correlationId: string;
  readonly startedAt: number;
}

/** How an HTTP request ended. */
export interface RequestEnd {
  readonly status: number;
  /** False when the connection closed before the response was sent. */
  readonly isComplete: boolean;
  readonly endedAt: number;
}

/** How a GraphQL operation ended. */
export interface OperationEnd {
  /** `query` or `mutation`. Undefined for a document that is not valid. */
  readonly type: string | undefined;
  /** A name from a closed list. Callers can put patient data into any other name. */
  readonly name: string | undefined;
  /** The code of its first error. */
  readonly errorCode: string | undefined;
  readonly endedAt: number;
}

/** The span of a GraphQL operation. */
export interface OperationTrace {
  /** Adds an upstream call that has ended, also after the operation. */
  recordCall(record: CallRecord): void;
  end(end: OperationEnd): void;
}

/** The span of an HTTP request. */
export interface RequestTrace {
  /** @param startedAt the zero of the calls' `startedMs`. */
  startOperation(startedAt: number): OperationTrace;
  end(end: RequestEnd): void;
}

/** Records traces. Nothing in them identifies a patient, and no method waits or throws. */
export interface Tracing {
  /** Undefined when the request is not recorded. */
  startRequest(request: TracedRequest): RequestTrace | undefined;
  /** Sends what is left, within a bounded time, and never rejects. */
  close(): Promise<void>;
}

/** Records nothing. */
export const NO_TRACING: Tracing = { startRequest: () => undefined, close: async () => {} };
