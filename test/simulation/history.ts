/** What happened in a story, as the world saw it: all that the checker knows. */

/** What a caller was told. */
export type Told =
  | {
      readonly kind: "booked";
      readonly appointmentId: string;
      readonly status: string;
      readonly version: string;
    }
  /** An answer or an error that says that there is no appointment. */
  | { readonly kind: "not-booked"; readonly why: string }
  /** The organisation has this slot for this patient already, by another booking. */
  | { readonly kind: "booked-already" }
  /** It was not sent by this ask; of earlier asks under the key nothing is said. */
  | { readonly kind: "not-sent"; readonly why: string }
  | { readonly kind: "unknown"; readonly handle: string }
  | { readonly kind: "cancelled"; readonly appointmentId: string }
  | { readonly kind: "not-cancelled"; readonly why: string }
  /** The process died before it answered. */
  | { readonly kind: "nothing" }
  /** An error that is not in the contract. */
  | { readonly kind: "crash"; readonly why: string };

/** One ask of one caller. */
export interface AskRecord {
  readonly index: number;
  readonly correlationId: string;
  readonly kind: "book" | "cancel";
  readonly organisation: string;
  /** As given by the caller, or as told in a handle. */
  readonly key: string | undefined;
  readonly patientId: string;
  readonly slotIds: readonly string[];
  readonly askedAt: number;
  readonly toldAt: number;
  readonly told: Told;
}

/** One request on the wire, seen from outside the process. */
export interface AttemptRecord {
  readonly traceId: string;
  readonly correlationId: string;
  readonly operation: string;
  readonly write: boolean;
  readonly fault: string;
  readonly sentAt: number;
  /** Order in which the ends reached the process; left out when it died first. */
  end?: { readonly order: number; readonly kind: "answered" | "refused" | "failed" };
}

/** A line of the practice's own book. */
export interface BookLine {
  readonly at: number;
  readonly kind: "booked" | "cancelled";
  readonly appointmentId: string;
  readonly patientId: string;
  readonly slotIds: readonly string[];
  readonly organisation: string | undefined;
  /** The request that did it; left out for the practice's own staff. */
  readonly traceId?: string | undefined;
}

/** A line of the audit, as far as it is checked. */
export interface AuditLine {
  readonly writer: string;
  readonly sequence: number;
  readonly correlationId: string;
  readonly operation: string;
  readonly outcome: string;
  readonly sspTraceId?: string;
  readonly gate?: string;
}

export interface History {
  readonly asks: readonly AskRecord[];
  readonly attempts: readonly AttemptRecord[];
  readonly book: readonly BookLine[];
  readonly audit: readonly AuditLine[];
  /** Commands of which the end was not known a minute after the practice was back. */
  readonly unsettled: number;
  /** Commands that were still looked after, two minutes after. */
  readonly open: number;
}
