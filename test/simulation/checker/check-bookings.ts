import type { AskRecord, BookLine, Told } from "../history.js";
import { type Evidence, keyOf, sameSlots } from "./evidence.js";
import { broken, type Violation } from "./violation.js";

/** No practice carries out later what it was sent (design section 9). */
const LATEST_MS = 30_000;

/** What section 9 leaves open, counted. Each needs staff to act at the practice while something is unclear. */
export interface LeftOpen {
  /** After "the slot is taken", whoever had it gave it up, and an earlier request came in. */
  givenUp: number;
  /** The practice itself cancelled what one request had made, and an earlier one of the same key came in. */
  cameInAfter: number;
  /** The practice itself cancelled what one key made, unknown yet, and another key in the same words made it anew. */
  askedForTwice: number;
  /** Two keys in different words, sent in the same second, and the words amended since: told "unknown" to the end. */
  cannotTell: number;
}

/** Never two appointments for one slot. */
export function checkSlots(evidence: Evidence): Violation[] {
  const holders = new Map<string, BookLine>();
  return evidence.history.book.flatMap((line): Violation[] => {
    if (line.kind === "amended") return [];
    const clashes = line.slotIds.filter((slot) => {
      const holder = holders.get(slot);
      if (line.kind === "booked") holders.set(slot, line);
      else if (holder?.appointmentId === line.appointmentId) holders.delete(slot);
      return line.kind === "booked" && holder !== undefined;
    });
    if (clashes.length === 0) return [];
    return broken("two for one slot", clashes.join(" "), evidence.correlationOf(line) ?? "staff");
  });
}

/** Never two appointments for one key, whether it made them or was told of them. */
export function checkKeys(evidence: Evidence, open: LeftOpen): Violation[] {
  const keys = new Map<string, { readonly ask: AskRecord; readonly lines: Set<BookLine> }>();
  const note = (ask: AskRecord, line: BookLine | undefined) => {
    const name = keyOf(ask) ?? ask.correlationId;
    const { lines } = keys.get(name) ?? { lines: new Set() };
    if (line) keys.set(name, { ask, lines: lines.add(line) });
  };
  for (const line of evidence.booked) {
    const ask = evidence.askOf(line);
    if (ask) note(ask, line);
  }
  for (const ask of evidence.history.asks) {
    if (ask.told.kind === "booked") note(ask, evidence.bookingOf(ask.told.appointmentId));
  }
  return [...keys].flatMap(([name, { ask, lines }]): Violation[] => {
    const inOrder = [...lines].sort((one, other) => one.at - other.at);
    if (inOrder.length < 2) return [];
    if (inOrder.length === 2 && cameInAfter(inOrder, ask, evidence)) {
      open.cameInAfter += 1;
      return [];
    }
    if (inOrder.length === 2 && isAskedForTwice(inOrder, ask, evidence)) {
      open.askedForTwice += 1;
      return [];
    }
    const ids = inOrder.map(({ appointmentId }) => appointmentId).join(", ");
    return broken("two for one key", `${name}: ${ids}`, ask.correlationId);
  });
}

/**
 * The practice's own staff cancelled the first one while the request for the second was on its way already: nothing of
 * ours can call that back. If the first one had been told of, the second must be in the audit for people to see.
 */
function cameInAfter([first, second]: readonly BookLine[], ask: AskRecord, evidence: Evidence): boolean {
  if (first === undefined || second === undefined) return false;
  const cancelled = evidence.cancellationOf(first.appointmentId);
  const sentAt = evidence.sentAt(second);
  const isLate =
    cancelled !== undefined &&
    cancelled.traceId === undefined &&
    sentAt <= cancelled.at &&
    cancelled.at <= second.at &&
    second.at - sentAt <= LATEST_MS;
  if (!isLate) return false;
  const wasTold = evidence
    .underKeyOf(ask)
    .some(({ told }) => told.kind === "booked" && told.appointmentId === first.appointmentId);
  const stands = evidence.cancellationOf(second.appointmentId) === undefined;
  return !wasTold || !stands || evidence.wasNoted(ask, "DOUBLED");
}

/**
 * What this key made was cancelled by the practice itself before anybody under it was told of it; the same had been asked for
 * in the same words under another key, and that one made the appointment that both are told of. The key made one only.
 */
function isAskedForTwice([first, second]: readonly BookLine[], ask: AskRecord, evidence: Evidence): boolean {
  if (first === undefined || second === undefined) return false;
  const cancelled = evidence.cancellationOf(first.appointmentId);
  const maker = evidence.askOf(second);
  const isAnothers = maker !== undefined && keyOf(maker) !== undefined && keyOf(maker) !== keyOf(ask);
  const wasTold = evidence
    .underKeyOf(ask)
    .some(({ told }) => told.kind === "booked" && told.appointmentId === first.appointmentId);
  return cancelled !== undefined && cancelled.traceId === undefined && isAnothers && !wasTold;
}

/** What one caller who asked to book was told. */
export function checkBooking(ask: AskRecord, evidence: Evidence, open: LeftOpen): Violation[] {
  const { told, correlationId } = ask;
  switch (told.kind) {
    case "booked":
      return isTrue(ask, told, evidence)
        ? []
        : broken("booked and does not stand", told.appointmentId, correlationId);
    case "booked-already":
      return checkBookedAlready(ask, evidence, open);
    case "not-booked": {
      const lies = evidence
        .madeFor(ask, evidence.booked)
        .filter((line) => !isGivenUp(line, ask, evidence, open));
      return lies.flatMap((line) =>
        broken("not booked and appears", `${line.appointmentId} (${told.why})`, correlationId),
      );
    }
    default:
      return [];
  }
}

/** The right appointment in the right words, that nobody had cancelled before the caller asked. */
function isTrue(ask: AskRecord, told: Extract<Told, { kind: "booked" }>, evidence: Evidence): boolean {
  const line = evidence.bookingOf(told.appointmentId);
  if (line === undefined || !isWished(line, ask)) return false;
  // The practice's own staff do not book for our organisations, so every one of ours has the words of an ask.
  if (line.description !== ask.description || line.comment !== ask.comment) return false;
  if (told.registered && !isRegistered(ask, evidence)) return false;
  const gone = evidence.cancellationOf(told.appointmentId)?.at;
  if (told.status === "cancelled") return gone !== undefined && gone <= ask.toldAt;
  return gone === undefined || gone >= evidence.since(ask);
}

function isWished(line: BookLine, ask: AskRecord): boolean {
  return (
    line.at <= ask.toldAt &&
    line.patientId === ask.patientId &&
    line.organisation === ask.organisation &&
    sameSlots(line.slotIds, ask.slotIds)
  );
}

function isRegistered({ patientId, toldAt }: AskRecord, { history }: Evidence): boolean {
  return history.registrations.some((line) => line.patientId === patientId && line.at <= toldAt);
}

/** Another key's appointment, in other words, that stood when this key was first told so; and none of this key's own. */
function checkBookedAlready(ask: AskRecord, evidence: Evidence, open: LeftOpen): Violation[] {
  const { correlationId, slotIds } = ask;
  const own = evidence.madeFor(ask, evidence.booked);
  if (own.some((line) => line.at <= ask.toldAt)) {
    return broken("given to another key", slotIds.join(" "), correlationId);
  }
  const later = own.filter((line) => !isGivenUp(line, ask, evidence, open));
  if (later.length > 0) return broken("not booked and appears", slotIds.join(" "), correlationId);
  const first = Math.min(...evidence.underKeyOf(ask).map(({ askedAt }) => askedAt));
  const isThere = evidence.booked.some((line) => {
    const gone = evidence.cancellationOf(line.appointmentId)?.at;
    const otherWords = line.description !== ask.description || line.comment !== ask.comment;
    return isWished(line, ask) && otherWords && (gone === undefined || gone >= first);
  });
  return isThere ? [] : broken("booked already and is not", slotIds.join(" "), correlationId);
}

/**
 * Left open by section 9: after a 409 that was somebody else's the slot is said to be taken, although an earlier request
 * of the key is on its way; within the bound that somebody gives it up, and the request comes in. It must not stay
 * unnoticed.
 */
function isGivenUp(line: BookLine, ask: AskRecord, evidence: Evidence, open: LeftOpen): boolean {
  const { told, toldAt } = ask;
  const isTaken =
    told.kind === "booked-already" ||
    (told.kind === "not-booked" && told.why === "slot-unavailable SLOT_UNAVAILABLE");
  const sentAt = evidence.sentAt(line);
  if (!isTaken || line.at <= toldAt || sentAt >= toldAt || line.at - sentAt > LATEST_MS) return false;
  const conflictAt = conflictOf(ask, line, evidence);
  if (conflictAt === undefined) return false;
  const wasFreed = evidence.history.book.some(
    (other) =>
      other.kind === "cancelled" &&
      other.at >= conflictAt &&
      other.at <= line.at &&
      other.slotIds.some((slot) => line.slotIds.includes(slot)),
  );
  if (!wasFreed || !isNoticed(line, ask, evidence)) return false;
  open.givenUp += 1;
  return true;
}

/** When the practice was sent the create of this key that it refused because the slot was taken. */
function conflictOf(ask: AskRecord, late: BookLine, evidence: Evidence): number | undefined {
  const underKey = new Set(evidence.underKeyOf(ask).map(({ correlationId }) => correlationId));
  return evidence.history.attempts.find(
    ({ operation, correlationId, end, fault, traceId, sentAt }) =>
      operation === "create" &&
      underKey.has(correlationId) &&
      traceId !== late.traceId &&
      sentAt < ask.toldAt &&
      end?.kind === "refused" &&
      (fault === "none" || fault === "doubled"),
  )?.sentAt;
}

/** By the sweeper or by a later ask; or it was cancelled again first. */
function isNoticed({ appointmentId }: BookLine, ask: AskRecord, evidence: Evidence): boolean {
  const told = evidence
    .underKeyOf(ask)
    .some((one) => one.told.kind === "booked" && one.told.appointmentId === appointmentId);
  return told || evidence.wasNoted(ask, "BOOKED") || evidence.cancellationOf(appointmentId) !== undefined;
}
