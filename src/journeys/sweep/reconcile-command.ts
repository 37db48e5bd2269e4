import type { ClaimedIntent } from "../../commands/command-intent.js";
import { type Reconciliation, reconcile } from "../../commands/reconcile.js";
import { bookingCommand } from "../book/booking-command.js";
import { asBooking } from "../booking-intent.js";
import { amendCommand, cancelCommand } from "../change/change-command.js";
import type { ClaimedChange } from "../change/change-types.js";
import type { JourneyContext } from "../journey-context.js";
import { registrationCommand } from "../register/registration-command.js";
import type { ClaimedRegistration } from "../register/registration-types.js";

/** Reconciles one intent for the sweeper, by the definition of its command. */
export function reconcileCommand(claimed: ClaimedIntent, context: JourneyContext): Promise<Reconciliation> {
  switch (claimed.intent.kind) {
    case "book":
      return reconcile(bookingCommand, asBooking(claimed), context);
    case "cancel":
      return reconcile(cancelCommand, claimed as ClaimedChange, context);
    case "amend":
      return reconcile(amendCommand, claimed as ClaimedChange, context);
    case "register":
      return reconcile(registrationCommand, claimed as ClaimedRegistration, context);
    default:
      throw new Error(`no command of the kind ${claimed.intent.kind}`);
  }
}
