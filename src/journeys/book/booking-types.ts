import type { CommandTypes } from "../../commands/command-definition.js";
import type { PracticeAppointment } from "../../domain/appointment.js";
import type { DirectoryEntry } from "../../domain/directory-entry.js";
import type { PatientRecord, PracticePatient } from "../../domain/patient.js";
import type { BookingDetails, BookingRefusal, BookingResult } from "../booking-intent.js";
import type { JourneyContext } from "../journey-context.js";
import type { BookingOutcome } from "./booking-outcome.js";
import type { ValidatedBooking } from "./booking-request.js";

/** Everything that step 6 needs: the gates are open, and the patient is known at the practice. */
export interface ReadyToBook {
  readonly kind: "ready";
  readonly booking: ValidatedBooking;
  readonly practice: DirectoryEntry;
  /** The patient as PDS holds them. */
  readonly patientRecord: PatientRecord;
  /** The patient as the practice holds them. */
  readonly patient: PracticePatient;
  /** The temporary registration that was made for the booking, if one was. */
  readonly registration: PracticePatient | undefined;
}

/** The appointment that a booking made, or that stands in its place with the same content. */
export interface FoundBooking {
  readonly record: PracticeAppointment;
  /** A send of this intent made it. Otherwise another may have, and what this one sent may still take effect. */
  readonly bySend: boolean;
}

/** The types of the booking command, for the engine. */
export interface BookingTypes extends CommandTypes {
  readonly context: JourneyContext;
  readonly ready: ReadyToBook;
  readonly details: BookingDetails;
  readonly found: FoundBooking;
  readonly result: BookingResult;
  readonly refusal: BookingRefusal;
  readonly outcome: BookingOutcome;
}
