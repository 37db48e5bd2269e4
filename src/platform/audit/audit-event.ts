import type { AuditEntry, AuditOutcome } from "../store/index.js";

export type { AuditOutcome };

/** One attempt: a call to an upstream, a closed gate where no call was made, or a command as a whole. */
export interface AuditEvent {
  /** `PDS Patient.read`, `SSP urn:nhs:…`, `command book`, or the operation that a gate stopped. */
  readonly operation: string;
  readonly outcome: AuditOutcome;
  /** Only in the audit, never in a log. */
  readonly nhsNumber?: string | undefined;
  readonly odsCode?: string | undefined;
  /** `G9`, when a gate was closed. */
  readonly gate?: string | undefined;
  readonly reason?: string | undefined;
  readonly httpStatus?: number | undefined;
  /** What the upstream wrote of a failure, in its own words, for support staff. Only in the audit, never in a log. */
  readonly diagnostics?: string | undefined;
  readonly sspTraceId?: string | undefined;
  readonly sspFrom?: string | undefined;
  readonly sspTo?: string | undefined;
}

/** Where the attempts of one request are recorded, in the name of its caller. */
export interface AuditTrail {
  /** Adds a record whose outcome is known. It is on disk once {@link commit} has resolved. */
  record(event: AuditEvent): void;
  /**
   * The record of a command that is about to be sent, to be stored in the transaction of its intent
   * (`IntentStore.claim` and `replace`). It means `UNKNOWN` until it is closed.
   */
  open(event: Omit<AuditEvent, "outcome">): AuditEntry;
  /** What closes an opened record, to be stored in the transaction of the outcome. Another process may close it. */
  close(attempt: string, event: AuditEvent): AuditEntry;
  /** A record whose outcome is known, to be stored in the transaction of the change that it is about. */
  toEntry(event: AuditEvent): AuditEntry;
  /** Whether a command was opened in this trail. */
  readonly hasOpened: boolean;
  /**
   * Confirms everything that was recorded so far, in one transaction.
   *
   * @throws UpstreamError of service `STORE`; the records are kept and tried again later.
   */
  commit(): Promise<void>;
}
