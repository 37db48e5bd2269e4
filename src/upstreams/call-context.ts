import type { Caller } from "../domain/caller.js";
import type { AuditTrail } from "../platform/audit/index.js";
import type { Secret } from "../platform/crypto/secret.js";
import type { CallBudget } from "../platform/resilience/call-budget.js";
import type { ResiliencePipeline } from "../platform/resilience/index.js";
import type { CallLog } from "../platform/telemetry/call-log.js";
import type { SpanReference } from "../platform/telemetry/tracing.js";

/** What every upstream call needs: the caller, the deadline, and where the call is recorded. One for each GraphQL request. */
export interface CallContext {
  readonly caller: Caller;
  /** The caller's own ID token, where the request has one. */
  readonly idToken?: Secret | undefined;
  /** Ends with the request: at its deadline, or when the client goes away. */
  readonly signal: AbortSignal;
  /** Identifies one journey in all systems. It contains no dot, because PDS's gateway joins ids with dots. */
  readonly correlationId: string;
  readonly calls: CallLog;
  /** The operation's span. Undefined when the request is not recorded. */
  readonly span?: SpanReference | undefined;
  readonly audit: AuditTrail;
  /** The calls that the request may make. Undefined for work of our own, such as reconciling a write. */
  readonly callBudget?: CallBudget | undefined;
  /** Every request is sent through it: bulkheads, rate limits, retries and circuit breakers. One for the process. */
  readonly resilience: ResiliencePipeline;
}
