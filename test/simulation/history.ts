import type { PracticeBehaviour } from "./world/practice-behaviour.js";

/** What happened in a scenario, seen from outside the service. The checker knows nothing else. */

/** The reply that a caller got. */
export type Reply =
  | {
      readonly kind: "booked";
      readonly appointmentId: string;
      readonly status: string;
      readonly version: string;
      /** The reply says that the patient was registered first. */
      readonly registered: boolean;
    }
  /** A result or an error that says that there is no appointment. */
  | { readonly kind: "not-booked"; readonly why: string }
  /** Another booking of the organisation has this slot for this patient. */
  | { readonly kind: "booked-already" }
  /** This request sent nothing. The reply says nothing about earlier requests with the key. */
  | { readonly kind: "not-sent"; readonly why: string; readonly message: string }
  /** A registration has no handle: a repeated request first looks for the patient at the practice. */
  | {
      readonly kind: "unknown";
      readonly handle?: string | undefined;
      /** When the outcome can be stated, by the clock of the process. */
      readonly settlesAt?: number | undefined;
    }
  | { readonly kind: "cancelled"; readonly appointmentId: string }
  | { readonly kind: "not-cancelled"; readonly why: string }
  | { readonly kind: "amended"; readonly appointmentId: string; readonly version: string }
  /** `version`: the current one, if the appointment has changed since the caller saw it. */
  | { readonly kind: "not-amended"; readonly why: string; readonly version?: string | undefined }
  | { readonly kind: "registered"; readonly already: boolean }
  | { readonly kind: "not-registered"; readonly why: string }
  /** The process died before it replied. */
  | { readonly kind: "nothing" }
  /** An error that the contract does not have. */
  | { readonly kind: "crash"; readonly why: string };

export type CommandKind = "book" | "cancel" | "amend" | "register";

/** One request of one caller, with its reply. */
export interface CallerRequest {
  readonly index: number;
  readonly correlationId: string;
  readonly kind: CommandKind;
  readonly organisation: string;
  /** The key of the caller, or the handle of the reply. */
  readonly key: string | undefined;
  readonly patient: number;
  readonly patientId: string;
  readonly slotIds: readonly string[];
  /** The requested texts. Without a comment, an amendment leaves the comment unchanged. */
  readonly description: string;
  readonly comment: string | undefined;
  /** The appointment to change, in the version that the caller saw. */
  readonly about?: { readonly appointmentId: string; readonly version: string } | undefined;
  /** Sent a minute after the practice recovered: the outcome must be known now. */
  readonly isFinal: boolean;
  readonly requestedAt: number;
  readonly repliedAt: number;
  readonly reply: Reply;
}

/** One request on the wire. */
export interface AttemptRecord {
  /** The process that sent it. */
  readonly process: string;
  readonly traceId: string;
  readonly correlationId: string;
  readonly operation: string;
  readonly write: boolean;
  readonly fault: string;
  /** The slots of a create. */
  readonly slotIds?: readonly string[] | undefined;
  readonly sentAt: number;
  /** The end as the process saw it, with the order of all ends; absent if the process died first. */
  end?: {
    readonly order: number;
    readonly at: number;
    readonly kind: "succeeded" | "refused" | "failed";
  };
}

/** A change of an appointment at the practice, with the state after it. */
export interface AppointmentEvent {
  readonly at: number;
  readonly kind: "booked" | "cancelled" | "amended";
  readonly appointmentId: string;
  readonly version: string;
  /** The version in the response, if the practice responds with another one than it keeps. */
  readonly respondedVersion?: string | undefined;
  readonly patientId: string;
  readonly slotIds: readonly string[];
  readonly description: string;
  readonly comment: string | undefined;
  /** The texts that were sent, which the practice may have changed. */
  readonly sent: { readonly description: string; readonly comment: string | undefined };
  readonly organisation: string | undefined;
  /** The request that caused it; absent for the practice's staff. */
  readonly traceId?: string | undefined;
}

/** A registration at the practice. */
export interface RegistrationEvent {
  readonly at: number;
  readonly patientId: string;
  /** Absent for patients registered before the scenario starts. */
  readonly traceId?: string | undefined;
}

/** The checked part of an audit record. */
export interface AuditRecord {
  readonly writer: string;
  readonly sequence: number;
  /** The same for the opened and the closed record of one command. */
  readonly attempt: string;
  readonly phase: string;
  readonly correlationId: string;
  readonly operation: string;
  readonly outcome: string;
  readonly sspTraceId?: string;
  readonly gate?: string;
  readonly reason?: string;
}

export interface History {
  /** The processes that were killed, with the time. */
  readonly deaths: ReadonlyMap<string, number>;
  /** Whether the clocks of the processes are right all the time. */
  readonly areClocksRight: boolean;
  /** How the practice of the scenario behaves. */
  readonly practice: PracticeBehaviour;
  readonly requests: readonly CallerRequest[];
  readonly attempts: readonly AttemptRecord[];
  readonly appointments: readonly AppointmentEvent[];
  readonly registrations: readonly RegistrationEvent[];
  /** Ordered by writer and sequence number. */
  readonly audit: readonly AuditRecord[];
  /** What the verification of the hash chains found. */
  readonly auditFaults: readonly string[];
  /** Patients and organisations for whom the service, at the end, reports two appointments in one slot. */
  readonly doubled: ReadonlySet<string>;
  /** Commands whose audit record was never closed. */
  readonly openAuditRecords: number;
  /** Commands whose outcome was unknown a minute after the practice recovered. */
  readonly unreconciled: number;
  /** Commands that were still open two minutes after that. */
  readonly open: number;
}
