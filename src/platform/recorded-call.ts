import type { AuditEvent, AuditOutcome } from "./audit.js";
import type { CallContext } from "./call-context.js";
import type { CallDescription } from "./call-log.js";
import { UpstreamError } from "./errors.js";

/** What the audit needs to know of a call beyond its description. */
export type AuditSubject = Pick<AuditEvent, "nhsNumber" | "odsCode" | "sspTraceId" | "sspFrom" | "sspTo">;

export interface CallResult<T> {
  readonly value: T;
  /** Left out where the protocol has none. */
  readonly httpStatus?: number | undefined;
  /** The upstream says that there is no such thing; an answer, not a fault. */
  readonly notFound?: boolean;
}

/**
 * Runs one attempt of an upstream call and writes it down: in the request's call log and in the audit, where
 * each attempt is one record. Every client sends through here.
 *
 * @param write whether the call changes something upstream, so that an unclear end is recorded as such.
 */
export async function recordedCall<T>(
  context: CallContext,
  description: CallDescription,
  subject: AuditSubject,
  send: () => Promise<CallResult<T>>,
  write = false,
): Promise<T> {
  const end = context.calls.begin(description);
  const audit = (outcome: AuditOutcome, rest: Pick<AuditEvent, "reason" | "httpStatus">) =>
    context.audit.record({
      operation: `${description.service} ${description.interaction}`,
      odsCode: description.target ?? undefined,
      ...subject,
      ...rest,
      outcome,
    });
  try {
    const { value, httpStatus, notFound } = await send();
    end(notFound ? "NOT_FOUND" : "OK");
    audit("SUCCEEDED", { httpStatus, reason: notFound ? "NOT_FOUND" : undefined });
    return value;
  } catch (error) {
    if (!(error instanceof UpstreamError)) {
      end("INTERNAL_SERVER_ERROR");
      audit(write ? "UNKNOWN" : "FAILED", {});
      throw error;
    }
    end(error.code);
    const outcome =
      write && error.outcomeUnknown ? "UNKNOWN" : error.code === "UPSTREAM_REFUSED" ? "REFUSED" : "FAILED";
    audit(outcome, { reason: error.reason ?? error.code, httpStatus: error.httpStatus });
    throw error;
  }
}
