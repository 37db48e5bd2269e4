/** What happened in a story, as the world saw it: all that the checker knows. */

/** What a caller was told. */
export type Told =
  | {
      readonly kind: "booked";
      readonly appointmentId: string;
      readonly status: string;
      readonly version: string;
      /** It is said that the patient was registered on the way. */
      readonly registered: boolean;
    }
  /** An answer or an error that says that there is no appointment. */
  | { readonly kind: "not-booked"; readonly why: string }
  /** The organisation has this slot for this patient already, by another booking. */
  | { readonly kind: "booked-already" }
  /** It was not sent by this ask; of earlier asks under the key nothing is said. */
  | { readonly kind: "not-sent"; readonly why: string; readonly words: string }
  /** A registration has no handle: asked for again, the practice is asked first. */
  | { readonly kind: "unknown"; readonly handle?: string | undefined }
  | { readonly kind: "cancelled"; readonly appointmentId: string }
  | { readonly kind: "not-cancelled"; readonly why: string }
  | { readonly kind: "amended"; readonly appointmentId: string; readonly version: string }
  /** `version` is told where the appointment has changed since it was seen. */
  | { readonly kind: "not-amended"; readonly why: string; readonly version?: string | undefined }
  | { readonly kind: "registered"; readonly already: boolean }
  | { readonly kind: "not-registered"; readonly why: string }
  /** The process died before it answered. */
  | { readonly kind: "nothing" }
  /** An error that is not in the contract. */
  | { readonly kind: "crash"; readonly why: string };

export type AskKind = "book" | "cancel" | "amend" | "register";

/** One ask of one caller. */
export interface AskRecord {
  readonly index: number;
  readonly correlationId: string;
  readonly kind: AskKind;
  readonly organisation: string;
  /** As given by the caller, or as told in a handle. */
  readonly key: string | undefined;
  readonly patient: number;
  readonly patientId: string;
  readonly slotIds: readonly string[];
  /** The texts that were asked for; the comment is left as it is where there is none. */
  readonly description: string;
  readonly comment: string | undefined;
  /** The appointment that is to be changed, in the version that the caller saw. */
  readonly about?: { readonly appointmentId: string; readonly version: string } | undefined;
  /** Asked a minute after the practice's return: what came of it must be known now. */
  readonly last: boolean;
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

/** A line of the practice's own book of appointments: what one is from then on. */
export interface BookLine {
  readonly at: number;
  readonly kind: "booked" | "cancelled" | "amended";
  readonly appointmentId: string;
  readonly version: string;
  readonly patientId: string;
  readonly slotIds: readonly string[];
  readonly description: string;
  readonly comment: string | undefined;
  readonly organisation: string | undefined;
  /** The request that did it; left out for the practice's own staff. */
  readonly traceId?: string | undefined;
}

/** A patient whom the practice took on. */
export interface RegistrationLine {
  readonly at: number;
  readonly patientId: string;
  /** Left out for those who were there before the story began. */
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
  readonly reason?: string;
}

export interface History {
  readonly asks: readonly AskRecord[];
  readonly attempts: readonly AttemptRecord[];
  readonly book: readonly BookLine[];
  readonly registrations: readonly RegistrationLine[];
  readonly audit: readonly AuditLine[];
  /** Commands of which the end was not known a minute after the practice was back. */
  readonly unsettled: number;
  /** Commands that were still looked after, two minutes after. */
  readonly open: number;
}
