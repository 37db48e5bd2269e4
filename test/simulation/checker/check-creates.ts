import type { AttemptRecord, CallerRequest } from "../history.js";
import type { Evidence } from "./evidence.js";
import { type Violation, violation } from "./violation.js";

/** A create may take effect up to this time after its send ended (design section 9). */
const LATE_COMMIT_BOUND_MS = 30_000;
const TIMEOUT_MS = 8_000;
const MAX_CREATES = 5;
const NEVER_SENT = "connection refused";

/**
 * Two creates for one slot are never outstanding at the same time, whoever sent them. A create is outstanding from its
 * send until its end is definite, or the late-commit bound after an unclear end has passed, or it has taken effect: then
 * a read-back can have found it.
 */
export function checkOutstanding(evidence: Evidence): Violation[] {
  const bySlot = new Map<string, AttemptRecord[]>();
  // A duplicated create takes effect twice; the first time is what a read-back can find.
  const effectAt = new Map([...evidence.booked].reverse().map(({ traceId, at }) => [traceId, at]));
  const violations: Violation[] = [];
  for (const create of creates(evidence)) {
    for (const slot of create.slotIds ?? []) {
      const earlier = bySlot.get(slot) ?? [];
      const outstanding = earlier.find((one) => create.sentAt < outstandingUntil(one, effectAt));
      if (outstanding) {
        violations.push(
          ...violation(
            "two creates outstanding for one slot",
            `${slot}, ${create.sentAt - outstanding.sentAt} ms apart (${outstanding.fault}, then ${create.fault})`,
            outstanding.correlationId,
            create.correlationId,
          ),
        );
      }
      bySlot.set(slot, [...earlier, create]);
    }
  }
  return violations;
}

function outstandingUntil(
  { traceId, fault, sentAt, end }: AttemptRecord,
  effectAt: ReadonlyMap<string | undefined, number>,
): number {
  // Nothing was written, so the practice can carry nothing out, even if the process died before it knew.
  if (fault === NEVER_SENT) return end?.at ?? sentAt;
  const hasEffectAt = effectAt.get(traceId) ?? Number.POSITIVE_INFINITY;
  // The process died before the end, which is the time-out at the latest.
  if (end === undefined) return Math.min(hasEffectAt, sentAt + TIMEOUT_MS + LATE_COMMIT_BOUND_MS);
  if (end.kind !== "failed") return Math.min(hasEffectAt, end.at);
  return Math.min(hasEffectAt, end.at + LATE_COMMIT_BOUND_MS);
}

/**
 * One key sends at most five creates, until a reply says `NOT_BOOKED` and the key is free again. A refused connection is
 * not one of them: nothing was written, so the practice has nothing that it could carry out.
 */
export function checkCreateCount(evidence: Evidence): Violation[] {
  const counts = new Map<string, { count: number; correlationId: string }>();
  for (const create of creates(evidence)) {
    if (create.fault === NEVER_SENT) continue;
    const request = evidence.requestOf({ traceId: create.traceId, at: create.sentAt });
    if (request?.key === undefined) continue;
    const name = `${request.organisation} ${request.key} ${countFreed(request, create.sentAt, evidence)}`;
    const count = (counts.get(name)?.count ?? 0) + 1;
    counts.set(name, { count, correlationId: create.correlationId });
  }
  return [...counts].flatMap(([key, { count, correlationId }]) =>
    count > MAX_CREATES ? violation("too many creates", `${count} for ${key}`, correlationId) : [],
  );
}

/** How often the key was free again before a time. */
function countFreed(request: CallerRequest, before: number, evidence: Evidence): number {
  return evidence
    .withKeyOf(request)
    .filter(
      ({ reply, repliedAt }) =>
        reply.kind === "not-booked" && reply.why.endsWith("NOT_BOOKED") && repliedAt < before,
    ).length;
}

function creates({ history }: Evidence): AttemptRecord[] {
  return history.attempts.filter(({ operation }) => operation === "create");
}
