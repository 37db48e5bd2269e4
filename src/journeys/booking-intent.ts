import type { ClaimedIntent, Intent } from "../commands/command-intent.js";
import type { CommandOrigin } from "../commands/command-origin.js";
import type { IntentResult } from "../commands/command-store.js";
import type { StoredError } from "../commands/stored-error.js";
import type { NhsNumber } from "../domain/nhs-number.js";
import type { OdsCode } from "../domain/ods-code.js";
import type { PracticePatient } from "../domain/patient.js";
import type { SlotReference } from "../platform/ids/slot-id.js";
import type { PlacedAppointment } from "./placed-appointment.js";
import type { PracticeRefusal } from "./practice-refusals.js";

/** A booking as it was sent: enough to find out, later and in another process, what became of it. */
export interface BookingDetails extends CommandOrigin {
  /** The current number at the time. */
  readonly nhsNumber: NhsNumber;
  readonly odsCode: OdsCode;
  readonly slots: readonly [SlotReference, ...SlotReference[]];
  readonly description: string;
  readonly comment: string | undefined;
  /** The temporary registration that was made for it, if one was. */
  readonly registration?: PracticePatient | undefined;
}

/** The result of a booking that was made. */
export interface BookingResult {
  /** Attributes the appointment to this intent wherever it is met. */
  readonly created: IntentResult;
  readonly appointment: PlacedAppointment;
  readonly recovered: boolean;
  /** What the caller should know about how the practice kept the booking. */
  readonly warnings: readonly string[];
}

export interface SlotUnavailable {
  readonly kind: "slot-unavailable";
  readonly code: string;
  readonly message: string;
  /** The same request may succeed in a moment. */
  readonly retryable?: boolean | undefined;
}

/** The refusals that are stored: the same request would be refused again. */
export type BookingRefusal = SlotUnavailable | PracticeRefusal;

export type BookingIntent = Intent<BookingDetails, BookingResult, BookingRefusal | StoredError>;

export type ClaimedBooking = ClaimedIntent<BookingIntent>;

/** The kind of a command is part of its key's hash: what lies under a booking's key is a booking. */
export function asBooking(claimed: ClaimedIntent): ClaimedBooking {
  if (claimed.intent.kind !== "book") throw new Error("an intent of another kind lies under a booking's key");
  return claimed as ClaimedBooking;
}
