import type { AppointmentReference } from "../../platform/ids/appointment-id.js";
import type { Held, Intent } from "../../platform/intents/index.js";
import type { RefusedWithError } from "../book/booking-intent.js";
import type { AskedBy } from "../commands/asked-by.js";
import type { PracticeRefusal } from "../practice-refusals.js";
import type { Wish } from "./wish.js";

/** A change as it was sent. */
export interface ChangeAsked extends AskedBy {
  readonly reference: AppointmentReference;
  readonly wish: Wish;
  /** Version that the change is based on: another one shows that somebody, perhaps we, has changed it since. */
  readonly version: string;
}

/** The answers that last, apart from the appointment's state, which is read anew each time. */
export type ChangeRefusal =
  | { readonly kind: "changed" }
  | { readonly kind: "not-found" }
  | PracticeRefusal
  | RefusedWithError;

export interface ChangeIntent extends Intent<ChangeAsked, Record<string, never>, ChangeRefusal> {
  readonly kind: "cancel" | "amend";
}

export type HeldChange = Held<ChangeIntent>;

/** See `asBooking`. */
export function asChange(held: Held): HeldChange {
  if (held.intent.kind === "book") throw new Error("a booking's intent lies under the key of a change");
  return held as HeldChange;
}
