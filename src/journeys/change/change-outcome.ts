import type { PlacedAppointment } from "../book/booking-outcome.js";
import type { PracticeRefusal } from "../practice-refusals.js";

/** What can come of a change, apart from faults. */
export type ChangeOutcome =
  | { readonly kind: "done"; readonly appointment: PlacedAppointment; readonly warnings: readonly string[] }
  | { readonly kind: "changed"; readonly appointment: PlacedAppointment }
  | {
      readonly kind: "not-changeable";
      readonly code: NotChangeableCode;
      readonly appointment: PlacedAppointment;
    }
  | { readonly kind: "not-found" }
  | { readonly kind: "patient-not-eligible"; readonly code: string; readonly message: string }
  | PracticeRefusal
  /** It may have been carried out or not; with the handle as its key the change can be asked after. */
  | { readonly kind: "outcome-unknown"; readonly handle: string };

export type NotChangeableCode =
  | "APPOINTMENT_IN_PAST"
  | "ALREADY_CANCELLED"
  | "READ_ONLY_VISIT"
  | "NOT_BOOKED";
