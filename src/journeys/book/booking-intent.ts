import type { NhsNumber } from "../../domain/nhs-number.js";
import type { OdsCode } from "../../domain/ods-code.js";
import type { PracticePatient } from "../../domain/patient.js";
import type { UpstreamErrorDetails } from "../../platform/errors.js";
import { UpstreamError } from "../../platform/errors.js";
import type { SlotReference } from "../../platform/ids/slot-id.js";
import type { Held, Intent, IntentResult } from "../../platform/intents/index.js";
import type { AskedBy } from "../commands/asked-by.js";
import type { PracticeRefusal } from "../practice-refusals.js";
import type { BookingOutcome, PlacedAppointment } from "./booking-outcome.js";

/** A booking as it was sent: enough to find out, later and by somebody else, what became of it. */
export interface BookingAsked extends AskedBy {
  /** The current number at the time. */
  readonly nhsNumber: NhsNumber;
  readonly odsCode: OdsCode;
  readonly slots: readonly [SlotReference, ...SlotReference[]];
  readonly description: string;
  readonly comment: string | undefined;
  /** The temporary registration that was made on the way, if one was. */
  readonly registration?: PracticePatient | undefined;
}

export interface BookingDone {
  /** By which the intent is found again when the appointment is met. */
  readonly made: IntentResult;
  readonly appointment: PlacedAppointment;
  readonly recovered: boolean;
}

/** The answers that last: the same request would be answered the same. */
export type BookingRefusal =
  | Extract<BookingOutcome, { kind: "slot-unavailable" }>
  | PracticeRefusal
  | RefusedWithError;

export interface RefusedWithError {
  readonly kind: "error";
  readonly message: string;
  readonly details: UpstreamErrorDetails;
}

export interface BookingIntent extends Intent<BookingAsked, BookingDone, BookingRefusal> {
  readonly kind: "book";
}

export type HeldBooking = Held<BookingIntent>;

/** Kinds of command are told apart by the hash that they are kept under, so what is read under one is of that kind. */
export function asBooking(held: Held): HeldBooking {
  if (held.intent.kind !== "book") throw new Error("an intent of another kind lies under a booking's key");
  return held as HeldBooking;
}

/** An error that is given again, word for word. */
export function rememberError(error: UpstreamError): RefusedWithError {
  const { message, service, code, retryable, reason } = error;
  return { kind: "error", message, details: { service, code, retryable, reason } };
}

/** @throws UpstreamError when it was one. */
export function repeatRefusal<R extends { readonly kind: string }>(
  answer: R | RefusedWithError,
): Exclude<R, RefusedWithError> {
  if (answer.kind === "error") {
    const { message, details } = answer as RefusedWithError;
    throw new UpstreamError(message, details);
  }
  return answer as Exclude<R, RefusedWithError>;
}

/** What is told as long as the end is not known. */
export function unknownOutcome({ handle }: Pick<AskedBy, "handle">): BookingOutcome {
  return { kind: "outcome-unknown", handle };
}

/** What is told of a booking that was made. */
export function bookedOutcome({ asked }: BookingIntent, done: BookingDone): BookingOutcome {
  const { appointment, recovered } = done;
  return { kind: "booked", appointment, recovered, registration: asked.registration };
}
