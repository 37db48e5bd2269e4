import type { AskRecord, History } from "../history.js";
import { checkAudit } from "./check-audit.js";
import { checkBooking, checkKeys, checkSlots, type LeftOpen } from "./check-bookings.js";
import { checkChange } from "./check-changes.js";
import { checkPatients, checkRegistration } from "./check-registrations.js";
import { checkSettled } from "./check-settled.js";
import { Evidence } from "./evidence.js";
import { broken, type Violation } from "./violation.js";

export interface Verdict {
  readonly violations: readonly Violation[];
  /** What happened of the cases that section 9 leaves open: no broken promise, and never unnoticed. */
  readonly leftOpen: Readonly<LeftOpen>;
}

/**
 * Compares what callers were told with the practice's own book and with the audit. It knows the promises and nothing of
 * how they are kept.
 */
export function checkHistory(history: History): Verdict {
  const evidence = new Evidence(history);
  const leftOpen: LeftOpen = { givenUp: 0, cameInAfter: 0, askedForTwice: 0, cannotTell: 0 };
  const violations = [
    ...checkSlots(evidence),
    ...checkKeys(evidence, leftOpen),
    ...checkPatients(evidence),
    ...history.asks.flatMap((ask) => checkAsk(ask, evidence, leftOpen)),
    ...checkSettled(evidence, leftOpen),
    ...checkAudit(history),
  ];
  return { violations, leftOpen };
}

function checkAsk(ask: AskRecord, evidence: Evidence, leftOpen: LeftOpen): Violation[] {
  const { told, correlationId } = ask;
  if (told.kind === "crash") return broken("crash", told.why, correlationId);
  if (told.kind === "not-sent") return checkNotSent(ask, told.words, evidence);
  switch (ask.kind) {
    case "book":
      return checkBooking(ask, evidence, leftOpen);
    case "cancel":
    case "amend":
      return checkChange(ask, evidence);
    case "register":
      return checkRegistration(ask, evidence);
  }
}

const COMMANDS: Record<AskRecord["kind"], string> = {
  book: "create",
  cancel: "cancel",
  amend: "amend",
  register: "register",
};
/** Words that keep to the ask that they answer, or say themselves that there was another. */
const OF_THIS_ONE = /this request|was used for something else/i;

/** Nothing left by this ask; and where something had by an earlier one, the words must not deny it. */
function checkNotSent(ask: AskRecord, words: string, evidence: Evidence): Violation[] {
  const { correlationId, toldAt } = ask;
  const sent = (correlation: string, until: number) =>
    evidence.history.attempts.some(
      (one) =>
        one.correlationId === correlation && one.operation === COMMANDS[ask.kind] && one.sentAt <= until,
    );
  if (sent(correlationId, Number.POSITIVE_INFINITY)) return broken("not sent and was", words, correlationId);
  const hasEarlier = evidence.underKeyOf(ask).some((one) => sent(one.correlationId, toldAt));
  return hasEarlier && !OF_THIS_ONE.test(words) ? broken("speaks for other asks", words, correlationId) : [];
}
