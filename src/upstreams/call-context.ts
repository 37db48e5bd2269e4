import type { Caller } from "../domain/caller.js";
import type { AuditTrail } from "../platform/audit/audit.js";
import type { Secret } from "../platform/crypto/secret.js";
import type { Traffic } from "../platform/resilience/index.js";
import type { CallLog } from "../platform/telemetry/call-log.js";

/** What every upstream call is made with: who asks, until when, and where it is written down. One for each GraphQL request. */
export interface CallContext {
  readonly caller: Caller;
  /** The caller's own sign-in, where the request carried one. */
  readonly idToken?: Secret | undefined;
  /** Ends with the request: its deadline, or the client going away. */
  readonly signal: AbortSignal;
  /** Follows one journey through all systems. Never holds a dot, which PDS's gateway joins ids with. */
  readonly correlationId: string;
  readonly calls: CallLog;
  readonly audit: AuditTrail;
  /** Through which every request leaves: limits, repeats, circuits. The same for the whole process. */
  readonly traffic: Traffic;
}
