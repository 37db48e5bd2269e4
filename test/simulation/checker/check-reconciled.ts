import type { AppointmentEvent } from "../history.js";
import type { Exceptions } from "./check-bookings.js";
import { type Evidence, haveSameSlots, keyOf } from "./evidence.js";
import { type Violation, violation } from "./violation.js";

/** Creation times have whole seconds, so two creates within this time may look the same. */
const SAME_SECOND_MS = 2_000;

/** A minute after the practice recovers, the outcome of every command is known and is returned to a repeated request. */
export function checkReconciled(evidence: Evidence, exceptions: Exceptions): Violation[] {
  const { requests, unreconciled, open } = evidence.history;
  const notAttributable = notAttributableKeys(evidence);
  const unknown = requests.filter(({ isFinal, reply }) => isFinal && reply.kind === "unknown");
  const isPermitted = (request: (typeof unknown)[number]) =>
    notAttributable.has(keyOf(request) ?? request.correlationId);
  exceptions.notAttributable += unknown.filter(isPermitted).length;
  const excess = Math.max(unreconciled, open) - notAttributable.size;
  return [
    ...unknown
      .filter((request) => !isPermitted(request))
      .flatMap(({ correlationId }) => violation("not reconciled", "still unknown", correlationId)),
    ...(excess > 0 || Number.isNaN(excess)
      ? violation("not reconciled", `${unreconciled} after a minute, ${open} open later`)
      : []),
  ];
}

/**
 * Keys whose appointment cannot be attributed: two keys with different texts were sent for the same slots in the same
 * second, and the practice amended the texts before either outcome was known. "Unknown" is then the only true reply.
 */
function notAttributableKeys(evidence: Evidence): Set<string> {
  const amended = evidence.history.appointments.filter(({ kind, traceId }) => kind === "amended" && !traceId);
  const bookings = amended.flatMap(({ appointmentId }) => evidence.bookingOf(appointmentId) ?? []);
  return new Set(bookings.flatMap((booking) => keysThatMayHaveMade(booking, evidence)));
}

function keysThatMayHaveMade(booking: AppointmentEvent, evidence: Evidence): string[] {
  const sends = evidence.history.attempts.flatMap((attempt) => {
    const request =
      attempt.operation === "create" ? evidence.requestOf({ ...attempt, at: attempt.sentAt }) : undefined;
    if (
      request === undefined ||
      request.patientId !== booking.patientId ||
      request.organisation !== booking.organisation
    ) {
      return [];
    }
    return haveSameSlots(request.slotIds, booking.slotIds) ? [{ request, sentAt: attempt.sentAt }] : [];
  });
  const sentAt = evidence.sentAt(booking);
  const isTie = sends.some(
    (send) =>
      (send.request.description !== booking.sent.description ||
        send.request.comment !== booking.sent.comment) &&
      Math.abs(send.sentAt - sentAt) < SAME_SECOND_MS,
  );
  return isTie ? sends.map(({ request }) => keyOf(request) ?? request.correlationId) : [];
}
