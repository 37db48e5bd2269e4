import type { CallerRequest, Reply } from "../history.js";
import type { Evidence } from "./evidence.js";
import { type Violation, violation } from "./violation.js";

const LATE_COMMIT_BOUND_MS = 30_000;

type Unknown = Extract<Reply, { kind: "unknown" }>;

/**
 * `settlesAt` of an unknown outcome is kept: no create of the key can take effect after it, and a request with the key
 * after it gets a definite reply or a later time. Only checked where the clocks are right.
 */
export function checkSettlesAt(evidence: Evidence): Violation[] {
  if (!evidence.history.areClocksRight) return [];
  return evidence.history.requests.flatMap((request) =>
    request.reply.kind === "unknown" && request.reply.settlesAt !== undefined
      ? [
          ...checkLateEffects(request, request.reply.settlesAt, evidence),
          ...checkRepetitions(request, request.reply.settlesAt, evidence),
        ]
      : [],
  );
}

/**
 * A create that was sent before the reply takes effect before `settlesAt`. The second effect of one that the network
 * delivered twice does not count, see {@link checkDuplicates}.
 */
function checkLateEffects(request: CallerRequest, settlesAt: number, evidence: Evidence): Violation[] {
  const withKey = new Set(evidence.withKeyOf(request).map(({ correlationId }) => correlationId));
  return evidence.history.attempts
    .filter(
      ({ operation, correlationId, sentAt, end }) =>
        operation === "create" &&
        withKey.has(correlationId) &&
        sentAt <= request.repliedAt &&
        end?.kind === "failed" &&
        end.at <= request.repliedAt,
    )
    .filter(({ traceId, fault, end }) => {
      const effect = evidence.booked.find((event) => event.traceId === traceId);
      const isLate = effect !== undefined && effect.at > settlesAt;
      return fault !== "connection refused" && isLate && (end?.at ?? 0) + LATE_COMMIT_BOUND_MS > settlesAt;
    })
    .flatMap(({ correlationId }) =>
      violation(
        "settlesAt is too early",
        `${settlesAt - request.repliedAt} ms after the reply`,
        correlationId,
      ),
    );
}

/** A request after `settlesAt` that is still unknown has a later time. */
function checkRepetitions(request: CallerRequest, settlesAt: number, evidence: Evidence): Violation[] {
  return evidence
    .withKeyOf(request)
    .filter(({ requestedAt, reply }) => requestedAt >= settlesAt && reply.kind === "unknown")
    .filter(
      ({ reply, requestedAt }) => ((reply as Unknown).settlesAt ?? 0) <= Math.max(settlesAt, requestedAt),
    )
    .flatMap(({ correlationId }) => violation("settlesAt is not kept", "unknown again", correlationId));
}
