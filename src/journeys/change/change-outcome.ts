import type { PlacedAppointment } from "../placed-appointment.js";
import type { PracticeRefusal } from "../practice-refusals.js";

/** What a change can come to, apart from faults. */
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
  /** It may have been carried out or not. The handle is the key to send again. */
  | { readonly kind: "outcome-unknown"; readonly handle: string; readonly settlesAt: number };

export type NotChangeableCode =
  | "APPOINTMENT_IN_PAST"
  | "ALREADY_CANCELLED"
  | "READ_ONLY_VISIT"
  | "NOT_BOOKED";
