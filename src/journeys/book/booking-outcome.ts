import type { AdjacencyRule } from "../../domain/adjacent-slots.js";
import type { PracticeAppointment } from "../../domain/appointment.js";
import type { DemographicDifference } from "../../domain/demographic-differences.js";
import type { NhsNumber } from "../../domain/nhs-number.js";
import type { OdsCode } from "../../domain/ods-code.js";
import type { PracticePatient } from "../../domain/patient.js";
import type { PracticeRefusal } from "../practice-refusals.js";

/** An appointment together with where it is and whose it is. */
export interface PlacedAppointment {
  readonly odsCode: OdsCode;
  readonly nhsNumber: NhsNumber;
  readonly record: PracticeAppointment;
  /** When the practice gave us this state, milliseconds since the epoch. */
  readonly fetchedAt: number;
}

/** What can come of a booking, apart from faults. */
export type BookingOutcome =
  | {
      readonly kind: "booked";
      readonly appointment: PlacedAppointment;
      /** Not answered, but read back: the answer was lost or unclear, or the same had been booked before. */
      readonly recovered: boolean;
      /** The temporary registration that was made on the way, if one was. */
      readonly registration?: PracticePatient | undefined;
    }
  | { readonly kind: "slot-unavailable"; readonly code: string; readonly message: string }
  | { readonly kind: "slots-not-bookable-together"; readonly code: AdjacencyRule | "DIFFERENT_PRACTICES" }
  | { readonly kind: "patient-not-found" }
  | { readonly kind: "patient-not-eligible"; readonly code: string; readonly message: string }
  | { readonly kind: "patient-not-at-practice" }
  | { readonly kind: "demographics-mismatch"; readonly differences: readonly DemographicDifference[] }
  | PracticeRefusal
  /** It may stand or not; with the handle as its key the booking can be asked after. */
  | { readonly kind: "outcome-unknown"; readonly handle: string };
