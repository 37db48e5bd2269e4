import type { BookLine } from "../history.js";
import type { LeftOpen } from "./check-bookings.js";
import { type Evidence, keyOf, sameSlots } from "./evidence.js";
import { broken, type Violation } from "./violation.js";

/** Times of creation are kept to the second, so what was sent nearer than this may look the same. */
const SAME_SECOND_MS = 2_000;

/** A minute after the practice's return the end of every command is known, and told to whoever asks. */
export function checkSettled(evidence: Evidence, open: LeftOpen): Violation[] {
  const { asks, unsettled, open: stillOpen } = evidence.history;
  const untellable = untellableKeys(evidence);
  const unknown = asks.filter(({ last, told }) => last && told.kind === "unknown");
  open.cannotTell += unknown.filter((ask) => untellable.has(keyOf(ask) ?? ask.correlationId)).length;
  const wrongly = unknown.filter((ask) => !untellable.has(keyOf(ask) ?? ask.correlationId));
  const excess = Math.max(unsettled, stillOpen) - untellable.size;
  return [
    ...wrongly.flatMap(({ correlationId }) => broken("not settled", "still unknown", correlationId)),
    ...(excess > 0 || Number.isNaN(excess)
      ? broken("not settled", `${unsettled} after a minute, ${stillOpen} open later`)
      : []),
  ];
}

/**
 * Keys of which nothing can tell who made an appointment: two in different words were sent for the same slots in the same
 * second, and the practice amended the words before either end was known. "Unknown" is then the only true answer.
 */
function untellableKeys(evidence: Evidence): Set<string> {
  const amended = evidence.history.book.filter(({ kind, traceId }) => kind === "amended" && !traceId);
  const lines = amended.flatMap(({ appointmentId }) => evidence.bookingOf(appointmentId) ?? []);
  return new Set(lines.flatMap((line) => rivals(line, evidence)));
}

function rivals(line: BookLine, evidence: Evidence): string[] {
  const sends = evidence.history.attempts.flatMap((attempt) => {
    const ask =
      attempt.operation === "create" ? evidence.askOf({ ...attempt, at: attempt.sentAt }) : undefined;
    if (ask === undefined || ask.patientId !== line.patientId || ask.organisation !== line.organisation)
      return [];
    return sameSlots(ask.slotIds, line.slotIds) ? [{ ask, sentAt: attempt.sentAt }] : [];
  });
  const made = evidence.sentAt(line);
  const isTie = sends.some(
    ({ ask, sentAt }) =>
      (ask.description !== line.description || ask.comment !== line.comment) &&
      Math.abs(sentAt - made) < SAME_SECOND_MS,
  );
  return isTie ? sends.map(({ ask }) => keyOf(ask) ?? ask.correlationId) : [];
}
