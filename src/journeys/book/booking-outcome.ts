import type { AdjacencyRule } from "../../domain/adjacent-slots.js";
import type { DemographicDifference } from "../../domain/demographic-differences.js";
import type { PracticePatient } from "../../domain/patient.js";
import type { SlotUnavailable } from "../booking-intent.js";
import type { PlacedAppointment } from "../placed-appointment.js";
import type { PracticeRefusal } from "../practice-refusals.js";
import type { NotAtPractice } from "../register/registration-types.js";

/** What a booking can come to, apart from faults. */
export type BookingOutcome =
  | {
      readonly kind: "booked";
      readonly appointment: PlacedAppointment;
      /** Read back: the response was lost or unclear, or the same booking had been made before. */
      readonly recovered: boolean;
      /** What the caller should know about how the practice kept the booking. */
      readonly warnings: readonly string[];
      /** The temporary registration that was made for it, if one was. */
      readonly registration?: PracticePatient | undefined;
    }
  | SlotUnavailable
  | { readonly kind: "slots-not-bookable-together"; readonly code: AdjacencyRule | "DIFFERENT_PRACTICES" }
  | { readonly kind: "patient-not-found" }
  | NotAtPractice
  | { readonly kind: "demographics-mismatch"; readonly differences: readonly DemographicDifference[] }
  | PracticeRefusal
  /** It may stand or not. The handle is the key to send again. */
  | { readonly kind: "outcome-unknown"; readonly handle: string; readonly settlesAt: number };
