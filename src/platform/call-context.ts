import type { Caller } from "../domain/caller.js";
import type { AuditTrail } from "./audit.js";
import type { CallLog } from "./call-log.js";
import type { Secret } from "./secret.js";
import type { Traffic } from "./traffic/index.js";

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
