import type { PracticeAppointment } from "../domain/appointment.js";

/** What a write requested. */
export interface RequestedAppointment {
  readonly status: "booked" | "cancelled";
  readonly start: string;
  readonly end: string;
  /** Empty when the practice does not name the slots of its appointments. */
  readonly slotIds: readonly string[];
  /** Undefined when the practice does not name the patient of its appointments. */
  readonly patientId: string | undefined;
}

/**
 * What a 2xx response to a write is worth (design section 9). `same`: it says what was requested, apart from description and
 * comment. `not-done`: another status. `incomplete`: it does not say enough to be believed. `mismatch`: other slots,
 * other times or another patient.
 */
export type WriteComparison = "same" | "not-done" | "incomplete" | "mismatch";

/** Compares the practice's response to a create, an amendment or a cancellation with the request. */
export function compareWrite(
  requested: RequestedAppointment,
  { status, start, end, slotIds, patientId }: PracticeAppointment,
): WriteComparison {
  const namesPatient = requested.patientId !== undefined;
  const namesSlots = requested.slotIds.length > 0;
  const isOtherPatient = namesPatient && patientId !== undefined && patientId !== requested.patientId;
  const hasOtherSlots = namesSlots && slotIds.length > 0 && !haveSameIds(slotIds, requested.slotIds);
  const hasOtherTimes = !isSameInstant(start, requested.start) || !isSameInstant(end, requested.end);
  if (isOtherPatient || hasOtherSlots || hasOtherTimes) return "mismatch";
  if (namesPatient && patientId === undefined) return "incomplete";
  if (namesSlots && slotIds.length === 0) return "incomplete";
  return status === requested.status ? "same" : "not-done";
}

/** Whether two lists name the same ids, in any order. */
export function haveSameIds(ids: readonly string[], wanted: readonly string[]): boolean {
  const sorted = [...wanted].sort();
  return ids.length === sorted.length && [...ids].sort().every((id, index) => id === sorted[index]);
}

/** Practices may write the same instant with another offset. */
export function isSameInstant(one: string, other: string): boolean {
  return one === other || Date.parse(one) === Date.parse(other);
}
