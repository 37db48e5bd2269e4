import type { AppointmentEvent, CallerRequest, Reply } from "../history.js";
import { type Evidence, haveSameSlots, keyOf } from "./evidence.js";
import { type Violation, violation } from "./violation.js";

/** After this time a send can no longer take effect (design section 9). */
const LATE_COMMIT_BOUND_MS = 30_000;

/** The number of cases that section 9 permits, because no consumer can prevent them. */
export interface Exceptions {
  /** The network delivered one create twice, and the practice did not notice: it saves later than it checks. */
  duplicatedDelivery: number;
  /** The practice's staff booked the slot between the check and the save of a create. */
  doubleBookedWithStaff: number;
  /** After the reply "the slot is taken", the other appointment was cancelled, and an earlier create took effect. */
  slotReleased: number;
  /** The practice cancelled what one send had created, and an earlier send of the same key took effect. */
  lateAfterCancellation: number;
  /** The practice cancelled what one key had created, still unknown, and another key with the same texts booked again. */
  rebookedByOtherKey: number;
  /** Two keys with different texts, sent in the same second, and the texts were amended: "unknown" to the end. */
  notAttributable: number;
}

/** A slot never has two appointments. */
export function checkSlots(evidence: Evidence, exceptions: Exceptions): Violation[] {
  const holders = new Map<string, AppointmentEvent>();
  const { saveDelayMs, lateCopies } = evidence.history.practice;
  const isPermitted = (event: AppointmentEvent, holder: AppointmentEvent) => {
    const isByStaff = event.traceId === undefined || holder.traceId === undefined;
    if (isByStaff && saveDelayMs !== undefined) exceptions.doubleBookedWithStaff += 1;
    return isByStaff ? saveDelayMs !== undefined : isSameSend(event, holder) && mayDuplicate;
  };
  const mayDuplicate = saveDelayMs !== undefined || lateCopies > 0;
  return evidence.history.appointments.flatMap((event): Violation[] => {
    if (event.kind === "amended") return [];
    const clashes = event.slotIds.filter((slot) => {
      const holder = holders.get(slot);
      if (event.kind === "booked") holders.set(slot, event);
      else if (holder?.appointmentId === event.appointmentId) holders.delete(slot);
      return event.kind === "booked" && holder !== undefined && !isPermitted(event, holder);
    });
    if (clashes.length === 0) return [];
    const cause = evidence.correlationOf(event) ?? "staff";
    return violation("two appointments for one slot", clashes.join(" "), cause);
  });
}

/** A key never has two appointments, whether it created them or a reply attributed them to it. */
export function checkKeys(evidence: Evidence, exceptions: Exceptions): Violation[] {
  const { saveDelayMs, lateCopies } = evidence.history.practice;
  const mayDuplicate = saveDelayMs !== undefined || lateCopies > 0;
  const keys = new Map<string, { readonly request: CallerRequest; readonly events: Set<AppointmentEvent> }>();
  const add = (request: CallerRequest, event: AppointmentEvent | undefined) => {
    const name = keyOf(request) ?? request.correlationId;
    const { events } = keys.get(name) ?? { events: new Set() };
    if (event) keys.set(name, { request, events: events.add(event) });
  };
  for (const event of evidence.booked) {
    const request = evidence.requestOf(event);
    if (request) add(request, event);
  }
  for (const request of evidence.history.requests) {
    if (request.reply.kind === "booked") add(request, evidence.bookingOf(request.reply.appointmentId));
  }
  return [...keys].flatMap(([name, { request, events }]): Violation[] => {
    const inOrder = [...events].sort((one, other) => one.at - other.at);
    if (inOrder.length < 2) return [];
    if (mayDuplicate && inOrder.every((event) => isSameSend(event, inOrder[0]))) {
      exceptions.duplicatedDelivery += 1;
      return [];
    }
    if (inOrder.filter((event) => !isLateCopy(event, evidence, exceptions)).length < 2) return [];
    if (inOrder.length === 2 && isLateAfterCancellation(inOrder, request, evidence)) {
      exceptions.lateAfterCancellation += 1;
      return [];
    }
    if (inOrder.length === 2 && isRebookedByOtherKey(inOrder, request, evidence)) {
      exceptions.rebookedByOtherKey += 1;
      return [];
    }
    const ids = inOrder.map(({ appointmentId }) => appointmentId).join(", ");
    return violation("two appointments for one key", `${name}: ${ids}`, request.correlationId);
  });
}

/** Whether one create, delivered twice, caused both. */
function isSameSend(one: AppointmentEvent, other: AppointmentEvent | undefined): boolean {
  return one.traceId !== undefined && one.traceId === other?.traceId;
}

/**
 * The first appointment was cancelled while the send for the second was in flight, and nothing can call that back: by the
 * practice's staff, or through us by a request that was sent before. If the first had been reported to the caller, the
 * audit must show the second.
 */
function isLateAfterCancellation(
  [first, second]: readonly AppointmentEvent[],
  request: CallerRequest,
  evidence: Evidence,
): boolean {
  if (first === undefined || second === undefined) return false;
  const cancelled = evidence.cancellationOf(first.appointmentId);
  const sentAt = evidence.sentAt(second);
  const isLate =
    cancelled !== undefined &&
    (cancelled.traceId === undefined || evidence.sentAt(cancelled) < sentAt) &&
    sentAt <= cancelled.at &&
    cancelled.at <= second.at &&
    second.at - sentAt <= LATE_COMMIT_BOUND_MS;
  if (!isLate) return false;
  const stands = evidence.cancellationOf(second.appointmentId) === undefined;
  return !wasReported(first, request, evidence) || !stands || evidence.wasReconciled(request, "DOUBLED");
}

/**
 * The practice cancelled what this key had created before any reply with this key reported it. Another key with the same
 * texts then created an appointment, and both keys report that one. This key created only one.
 */
function isRebookedByOtherKey(
  [first, second]: readonly AppointmentEvent[],
  request: CallerRequest,
  evidence: Evidence,
): boolean {
  if (first === undefined || second === undefined) return false;
  const cancelled = evidence.cancellationOf(first.appointmentId);
  const creator = evidence.requestOf(second);
  const isOtherKey =
    creator !== undefined && keyOf(creator) !== undefined && keyOf(creator) !== keyOf(request);
  const isCancelledByStaff = cancelled !== undefined && cancelled.traceId === undefined;
  return isCancelledByStaff && isOtherKey && !wasReported(first, request, evidence);
}

/** Whether a reply with this key reported the appointment as booked. */
function wasReported(
  { appointmentId }: AppointmentEvent,
  request: CallerRequest,
  evidence: Evidence,
): boolean {
  return evidence
    .withKeyOf(request)
    .some(({ reply }) => reply.kind === "booked" && reply.appointmentId === appointmentId);
}

/** The reply to a booking agrees with the practice. */
export function checkBooking(
  request: CallerRequest,
  evidence: Evidence,
  exceptions: Exceptions,
): Violation[] {
  const { reply, correlationId } = request;
  switch (reply.kind) {
    case "booked":
      return isBooked(request, reply, evidence)
        ? []
        : violation("reported booked, but is not", reply.appointmentId, correlationId);
    case "booked-already":
      return checkBookedBefore(request, evidence, exceptions);
    case "not-booked":
      return evidence
        .causedBy(request, evidence.booked)
        .filter((event) => !isSlotReleased(event, request, evidence, exceptions))
        .filter((event) => !isLateCopy(event, evidence, exceptions))
        .flatMap(({ appointmentId }) =>
          violation("reported not booked, but is", `${appointmentId} (${reply.why})`, correlationId),
        );
    default:
      return [];
  }
}

/** The right appointment with the right texts, and not cancelled before the request. */
function isBooked(
  request: CallerRequest,
  reply: Extract<Reply, { kind: "booked" }>,
  evidence: Evidence,
): boolean {
  const event = evidence.bookingOf(reply.appointmentId);
  if (event === undefined || !isRequested(event, request)) return false;
  // The practice's staff do not book for our organisations, so each of our appointments has the texts of a request.
  if (!hasTexts(event, request)) return false;
  if (reply.registered && !isRegistered(request, evidence)) return false;
  const cancelledAt = evidence.cancellationOf(reply.appointmentId)?.at;
  if (reply.status === "cancelled") return cancelledAt !== undefined && cancelledAt <= request.repliedAt;
  return cancelledAt === undefined || cancelledAt >= evidence.since(request);
}

function isRequested(event: AppointmentEvent, request: CallerRequest): boolean {
  return (
    event.at <= request.repliedAt &&
    event.patientId === request.patientId &&
    event.organisation === request.organisation &&
    haveSameSlots(event.slotIds, request.slotIds)
  );
}

/** Compares what was sent, because the practice may keep other texts. */
function hasTexts({ sent }: AppointmentEvent, { description, comment }: CallerRequest): boolean {
  return sent.description === description && sent.comment === comment;
}

function isRegistered({ patientId, repliedAt }: CallerRequest, { history }: Evidence): boolean {
  return history.registrations.some((event) => event.patientId === patientId && event.at <= repliedAt);
}

/** Another key had an appointment with other texts when this key first got the reply; this key created none. */
function checkBookedBefore(request: CallerRequest, evidence: Evidence, exceptions: Exceptions): Violation[] {
  const { correlationId, slotIds, repliedAt } = request;
  const own = evidence.causedBy(request, evidence.booked);
  if (own.some((event) => event.at <= repliedAt)) {
    return violation("attributed to another key", slotIds.join(" "), correlationId);
  }
  const later = own
    .filter((event) => !isSlotReleased(event, request, evidence, exceptions))
    .filter((event) => !isLateCopy(event, evidence, exceptions));
  if (later.length > 0) return violation("reported not booked, but is", slotIds.join(" "), correlationId);
  const first = Math.min(...evidence.withKeyOf(request).map(({ requestedAt }) => requestedAt));
  const exists = evidence.booked.some((event) => {
    const cancelledAt = evidence.cancellationOf(event.appointmentId)?.at;
    const hasOtherTexts = event.description !== request.description || event.comment !== request.comment;
    return (
      isRequested(event, request) && hasOtherTexts && (cancelledAt === undefined || cancelledAt >= first)
    );
  });
  return exists ? [] : violation("reported booked before, but is not", slotIds.join(" "), correlationId);
}

/**
 * Permitted by section 9: after a 409 for another appointment the slot is reported as taken, although an earlier create
 * of the key is in flight. If the other appointment is cancelled within the bound, that create takes effect. It must be
 * noticed.
 */
function isSlotReleased(
  event: AppointmentEvent,
  request: CallerRequest,
  evidence: Evidence,
  exceptions: Exceptions,
): boolean {
  const { reply, repliedAt } = request;
  const isTaken =
    reply.kind === "booked-already" ||
    (reply.kind === "not-booked" && reply.why === "slot-unavailable SLOT_UNAVAILABLE");
  const sentAt = evidence.sentAt(event);
  if (!isTaken || event.at <= repliedAt || sentAt >= repliedAt) return false;
  if (event.at - sentAt > LATE_COMMIT_BOUND_MS) return false;
  const conflictAt = conflictOf(request, event, evidence);
  if (conflictAt === undefined) return false;
  const wasReleased = evidence.history.appointments.some(
    (other) =>
      other.kind === "cancelled" &&
      other.at >= conflictAt &&
      other.at <= event.at &&
      other.slotIds.some((slot) => event.slotIds.includes(slot)),
  );
  if (!wasReleased || !isNoticed(event, request, evidence)) return false;
  exceptions.slotReleased += 1;
  return true;
}

/** A copy of a create took effect after the response to the create had arrived. */
function isLateCopy(event: AppointmentEvent, evidence: Evidence, exceptions: Exceptions): boolean {
  if (evidence.history.practice.lateCopies === 0) return false;
  const end = evidence.history.attempts.find(({ traceId }) => traceId === event.traceId)?.end;
  if (end === undefined || end.kind === "failed" || end.at >= event.at) return false;
  exceptions.duplicatedDelivery += 1;
  return true;
}

/** When this key sent the create that the practice refused because the slot was taken. */
function conflictOf(request: CallerRequest, late: AppointmentEvent, evidence: Evidence): number | undefined {
  const withKey = new Set(evidence.withKeyOf(request).map(({ correlationId }) => correlationId));
  return evidence.history.attempts.find(
    ({ operation, correlationId, end, fault, traceId, sentAt }) =>
      operation === "create" &&
      withKey.has(correlationId) &&
      traceId !== late.traceId &&
      sentAt < request.repliedAt &&
      end?.kind === "refused" &&
      (fault === "none" || fault === "duplicated"),
  )?.sentAt;
}

/** By the sweeper or by a later request; or it was cancelled again first. */
function isNoticed(event: AppointmentEvent, request: CallerRequest, evidence: Evidence): boolean {
  return (
    wasReported(event, request, evidence) ||
    evidence.wasReconciled(request, "BOOKED") ||
    evidence.cancellationOf(event.appointmentId) !== undefined
  );
}
