import type { PracticeAppointment } from "../../domain/appointment.js";
import type { AppointmentChanges } from "../../upstreams/ssp/index.js";
import { isKeptForm, isSameText, warningsOnTexts } from "../description-and-comment.js";

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

/**
 * Whether an appointment whose version has changed may show our amendment in the practice's own form: some systems append
 * the comment to the description, or cut a text off.
 */
export function isKeptAmendment(change: RequestedChange, appointment: PracticeAppointment): boolean {
  return change.kind === "amend" && appointment.status === "booked" && isKeptForm(change, appointment);
}

/** What the caller should know about how the practice kept the change. Some systems cut a reason off without notice. */
export function warningsOn(change: RequestedChange, appointment: PracticeAppointment): string[] {
  if (change.kind === "amend") return warningsOnTexts(change, appointment);
  const { cancellationReason } = appointment;
  const kept = cancellationReason?.length ?? 0;
  if (kept >= change.reason.length) return [];
  return [
    `The practice kept only ${kept} of the ${change.reason.length} characters of the reason. Tell it the rest another way.`,
  ];
}
