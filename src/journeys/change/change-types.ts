import type { ClaimedOf, CommandTypes } from "../../commands/command-definition.js";
import type { CommandOrigin } from "../../commands/command-origin.js";
import type { IntentResult } from "../../commands/command-store.js";
import type { PracticeAppointment } from "../../domain/appointment.js";
import type { DirectoryEntry } from "../../domain/directory-entry.js";
import type { AppointmentReference } from "../../platform/ids/appointment-id.js";
import type { ReceivedAppointment } from "../../upstreams/ssp/index.js";
import type { JourneyContext } from "../journey-context.js";
import type { PracticeRefusal } from "../practice-refusals.js";
import type { ChangeOutcome } from "./change-outcome.js";
import type { RequestedChange } from "./requested-change.js";

/** Everything that a send needs: the gates are open, and the appointment is the one that the person saw. */
export interface ReadyToChange {
  readonly kind: "ready";
  readonly practice: DirectoryEntry;
  /** The whole resource, which is sent back with the change. */
  readonly received: ReceivedAppointment;
  readonly reference: AppointmentReference;
  readonly change: RequestedChange;
}

/** A change as it was sent. */
export interface ChangeDetails extends CommandOrigin {
  readonly reference: AppointmentReference;
  readonly change: RequestedChange;
  /** The practice's version that the change is based on. Another one shows that somebody, perhaps we, has changed it since. */
  readonly version: string;
}

/** The result of a change that was carried out. For the caller the appointment's state is read again each time. */
export interface ChangeResult {
  /** By which a later change finds what we last wrote: the appointment and the version that we gave out. */
  readonly created: IntentResult;
  readonly written: PracticeAppointment;
}

/** The refusals that are stored, without the appointment's state, which is read again each time. */
export type ChangeRefusal = { readonly kind: "changed" } | { readonly kind: "not-found" } | PracticeRefusal;

/** The types of the cancel and amend commands, for the engine. */
export interface ChangeTypes extends CommandTypes {
  readonly context: JourneyContext;
  readonly ready: ReadyToChange;
  readonly details: ChangeDetails;
  readonly found: PracticeAppointment;
  readonly result: ChangeResult;
  readonly refusal: ChangeRefusal;
  readonly outcome: ChangeOutcome;
}

export type ClaimedChange = ClaimedOf<ChangeTypes>;
