import type { PracticeAppointment } from "../../domain/appointment.js";
import type { AppointmentChanges } from "../../upstreams/ssp/index.js";

/** The state that the caller requests for an appointment. */
export type RequestedChange =
  | { readonly kind: "cancel"; readonly reason: string }
  | ({ readonly kind: "amend" } & AppointmentChanges);

/** Whether the appointment is in the requested state, whoever changed it. */
export function isFulfilled(change: RequestedChange, appointment: PracticeAppointment): boolean {
  if (change.kind === "cancel") return appointment.status === "cancelled";
  return (
    appointment.status === "booked" &&
    isSameText(change.description, appointment.description) &&
    isSameText(change.comment, appointment.comment)
  );
}

/**
 * Whether the appointment is in the requested state and shows that our request put it there. After a version conflict
 * another person may have cancelled it, for another reason. Practices may keep only the beginning of a reason.
 */
export function isAttributedToUs(change: RequestedChange, appointment: PracticeAppointment): boolean {
  if (!isFulfilled(change, appointment)) return false;
  if (change.kind === "amend") return true;
  const { cancellationReason: kept } = appointment;
  return kept !== undefined && kept !== "" && change.reason.startsWith(kept);
}

/** What the caller should know about how the practice kept the change. Some systems cut a reason off without notice. */
export function warningsOn(change: RequestedChange, { cancellationReason }: PracticeAppointment): string[] {
  if (change.kind !== "cancel") return [];
  const kept = cancellationReason?.length ?? 0;
  if (kept >= change.reason.length) return [];
  return [
    `The practice kept only ${kept} of the ${change.reason.length} characters of the reason. Tell it the rest another way.`,
  ];
}

/** A text that is not to be changed may be anything; an empty one removes the element. */
function isSameText(requested: string | undefined, current: string | undefined): boolean {
  return requested === undefined || requested === (current ?? "");
}
