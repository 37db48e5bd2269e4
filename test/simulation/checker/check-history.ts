import type { CallerRequest, History } from "../history.js";
import { checkAudit } from "./check-audit.js";
import { checkBooking, checkKeys, checkSlots, type Exceptions } from "./check-bookings.js";
import { checkChange } from "./check-changes.js";
import { checkCreateCount, checkOutstanding } from "./check-creates.js";
import { checkDuplicates } from "./check-duplicates.js";
import { checkReconciled } from "./check-reconciled.js";
import { checkPatients, checkRegistration } from "./check-registrations.js";
import { checkSettlesAt } from "./check-settles-at.js";
import { Evidence } from "./evidence.js";
import { type Violation, violation } from "./violation.js";

export interface CheckResult {
  readonly violations: readonly Violation[];
  /** Cases that section 9 permits. Each must have been noticed, in the audit or in a later reply. */
  readonly exceptions: Readonly<Exceptions>;
}

/**
 * Compares the replies with the events at the practice and with the audit. It knows the invariants of the contract, and
 * nothing of the code that keeps them.
 */
export function checkHistory(history: History): CheckResult {
  const evidence = new Evidence(history);
  const exceptions: Exceptions = {
    duplicatedDelivery: 0,
    doubleBookedWithStaff: 0,
    slotReleased: 0,
    lateAfterCancellation: 0,
    rebookedByOtherKey: 0,
    notAttributable: 0,
  };
  const violations = [
    ...checkOutstanding(evidence),
    ...checkCreateCount(evidence),
    ...checkSlots(evidence, exceptions),
    ...checkKeys(evidence, exceptions),
    ...checkDuplicates(evidence),
    ...checkPatients(evidence),
    ...history.requests.flatMap((request) => checkRequest(request, evidence, exceptions)),
    ...checkReconciled(evidence, exceptions),
    ...checkSettlesAt(evidence),
    ...checkAudit(history),
  ];
  return { violations, exceptions };
}

function checkRequest(request: CallerRequest, evidence: Evidence, exceptions: Exceptions): Violation[] {
  const { reply, correlationId } = request;
  if (reply.kind === "crash") return violation("crash", reply.why, correlationId);
  if (reply.kind === "not-sent") return checkNotSent(request, reply.message, evidence);
  switch (request.kind) {
    case "book":
      return checkBooking(request, evidence, exceptions);
    case "cancel":
    case "amend":
      return checkChange(request, evidence);
    case "register":
      return checkRegistration(request, evidence);
  }
}

const OPERATIONS: Record<CallerRequest["kind"], string> = {
  book: "create",
  cancel: "cancel",
  amend: "amend",
  register: "register",
};
/** Messages about the current request only, or messages that mention an earlier one. */
const ABOUT_THIS_REQUEST = /this request|was used for something else/i;

/** The request sent nothing; and if an earlier one with its key did, the message does not deny it. */
function checkNotSent(request: CallerRequest, message: string, evidence: Evidence): Violation[] {
  const { correlationId, repliedAt } = request;
  const hasSent = (correlation: string, until: number) =>
    evidence.history.attempts.some(
      (attempt) =>
        attempt.correlationId === correlation &&
        attempt.operation === OPERATIONS[request.kind] &&
        attempt.sentAt <= until,
    );
  if (hasSent(correlationId, Number.POSITIVE_INFINITY)) {
    return violation("reported not sent, but was", message, correlationId);
  }
  const hasEarlier = evidence.withKeyOf(request).some((one) => hasSent(one.correlationId, repliedAt));
  return hasEarlier && !ABOUT_THIS_REQUEST.test(message)
    ? violation("reply covers earlier requests", message, correlationId)
    : [];
}
