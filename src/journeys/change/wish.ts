import type { PracticeAppointment } from "../../domain/appointment.js";
import type { DirectoryEntry } from "../../domain/directory-entry.js";
import type { AppointmentReference } from "../../platform/ids/appointment-id.js";
import type { AppointmentChanges, ReceivedAppointment } from "../../upstreams/ssp/index.js";
import type { JourneyContext } from "../journey-context.js";

/** What an appointment is to become. */
export type Wish =
  | { readonly kind: "cancel"; readonly reason: string }
  | ({ readonly kind: "amend" } & AppointmentChanges);

/** Whether the appointment is as it was wished to be, whoever made it so. */
export function isFulfilled(wish: Wish, appointment: PracticeAppointment): boolean {
  if (wish.kind === "cancel") return appointment.status === "cancelled";
  return (
    appointment.status === "booked" &&
    sameText(wish.description, appointment.description) &&
    sameText(wish.comment, appointment.comment)
  );
}

/**
 * Whether it bears our mark: after a version conflict a cancelled appointment may be another person's doing, for
 * another reason. Practices may keep only the beginning of a reason.
 */
export function bearsOurMark(wish: Wish, appointment: PracticeAppointment): boolean {
  if (!isFulfilled(wish, appointment)) return false;
  if (wish.kind === "amend") return true;
  const { cancellationReason: kept } = appointment;
  return kept !== undefined && kept !== "" && wish.reason.startsWith(kept);
}

/** A text that was not wished for may be anything; an empty one takes the element away. */
function sameText(wished: string | undefined, is: string | undefined): boolean {
  return wished === undefined || wished === (is ?? "");
}

/** Sends the whole resource back, as it was received, with what the wish changes. */
export function sendWish(
  wish: Wish,
  practice: DirectoryEntry,
  received: ReceivedAppointment,
  { nhsNumber }: AppointmentReference,
  { gpConnect, call }: JourneyContext,
): Promise<PracticeAppointment> {
  const about = { nhsNumber };
  return wish.kind === "cancel"
    ? gpConnect.cancelAppointment(practice, received, wish.reason, call, about)
    : gpConnect.amendAppointment(
        practice,
        received,
        { description: wish.description, comment: wish.comment },
        call,
        about,
      );
}
