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

/** Where a span is found. It holds nothing else of a request, so it may be stored. */
export interface SpanReference {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
}

/** The span of a GraphQL operation. */
export interface OperationTrace {
  readonly reference: SpanReference;
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

/** What is traced when a command is reconciled that no request waits for. */
export interface TracedReconciliation {
  /** `book`, `cancel`, … */
  readonly command: string;
  /** Of the request that sent the command. */
  readonly correlationId: string;
  /** The operation that sent the command. Undefined when it was not recorded. */
  readonly sender: SpanReference | undefined;
  readonly startedAt: number;
}

/** How one reconciliation of a command ended. */
export interface ReconciliationEnd {
  /** What it has shown, such as `BOOKED` or `PENDING`. Undefined when it failed. */
  readonly outcome: string | undefined;
  readonly endedAt: number;
}

/** The span of one reconciliation. */
export interface ReconciliationTrace {
  /** Adds an upstream call that has ended. */
  recordCall(record: CallRecord): void;
  end(end: ReconciliationEnd): void;
}

/** Records traces. Nothing in them identifies a patient, and no method waits or throws. */
export interface Tracing {
  /** Undefined when the request is not recorded. */
  startRequest(request: TracedRequest): RequestTrace | undefined;
  /** Begins a trace of its own, linked to the operation that sent the command. Undefined when nothing is recorded. */
  startReconciliation(reconciliation: TracedReconciliation): ReconciliationTrace | undefined;
  /** Sends what is left, within a bounded time, and never rejects. */
  close(): Promise<void>;
}

/** Records nothing. */
export const NO_TRACING: Tracing = {
  startRequest: () => undefined,
  startReconciliation: () => undefined,
  close: async () => {},
};
