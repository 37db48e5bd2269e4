import { randomUUID } from "node:crypto";
import type { AuditEvent, AuditOutcome } from "./audit.js";
import type { CallContext } from "./call-context.js";
import type { CallDescription } from "./call-log.js";
import { signalUntil } from "./deadline.js";
import { diagnosticsOf } from "./diagnostics.js";
import { UpstreamError } from "./errors.js";

/** What the audit needs to know of a call beyond its description. */
export type AuditSubject = Pick<AuditEvent, "nhsNumber" | "odsCode" | "sspTraceId" | "sspFrom" | "sspTo">;

export interface CallResult<T> {
  readonly value: T;
  /** Left out where the protocol has none. */
  readonly httpStatus?: number | undefined;
  /** The upstream says that there is no such thing; an answer, not a fault. The error, for its words in the audit. */
  readonly notFound?: boolean | UpstreamError;
}

/** What each attempt has of its own. */
export interface Attempt {
  /** New for every attempt: the `Ssp-TraceID`, where there is one. */
  readonly traceId: string;
}

/**
 * `write`: it changes something upstream, so it is sent once, and an unclear end is recorded as such. `settling
 * read`: somebody must learn what became of a write, whether or not the request has ended.
 */
export type CallPurpose = "read" | "write" | "settling read";

export interface CallOptions {
  readonly purpose?: CallPurpose;
  /** At most so many repeats, where the general rule would allow more. */
  readonly maxRepeats?: number;
  /** Runs before each attempt, outside its record: a call for a token is a call of its own. */
  readonly prepare?: () => Promise<void>;
  /** Throws away the credentials used. With it, one 401 is followed by another attempt. */
  readonly renew?: () => void;
}

/** How long a settling read may wait for its turn: the bound on late commits (design, section 9). */
const SETTLING_MS = 30_000;

/**
 * Makes an upstream call: one attempt, or several where a read may be repeated, each through the rules of the
 * traffic and each written down, in the request's call log and in the audit. Every client sends through here.
 *
 * @param send runs anew for every attempt, so whatever an attempt must not share with the one before is made in it.
 */
export function recordedCall<T>(
  context: CallContext,
  description: CallDescription,
  subject: AuditSubject | ((attempt: Attempt) => AuditSubject),
  send: (attempt: Attempt) => Promise<CallResult<T>>,
  options: CallOptions = {},
): Promise<T> {
  const { purpose = "read", ...rules } = options;
  const { caller, correlationId } = context;
  const call = {
    ...rules,
    service: description.service,
    target: description.target,
    purpose: purpose === "write" ? purpose : "read",
    signal: purpose === "settling read" ? signalUntil(SETTLING_MS) : context.signal,
    lanes: [`${caller.organisation.odsCode} ${caller.person.localId}`, correlationId],
  } as const;
  return context.traffic.run(call, () => {
    const attempt = { traceId: randomUUID() };
    const about = typeof subject === "function" ? subject(attempt) : subject;
    return recordedAttempt(context, description, about, () => send(attempt), purpose === "write");
  });
}

async function recordedAttempt<T>(
  context: CallContext,
  description: CallDescription,
  subject: AuditSubject,
  send: () => Promise<CallResult<T>>,
  write: boolean,
): Promise<T> {
  const end = context.calls.begin(description);
  const audit = (outcome: AuditOutcome, rest: Pick<AuditEvent, "reason" | "httpStatus" | "diagnostics">) =>
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
    audit("SUCCEEDED", { httpStatus, ...wordsOf(notFound) });
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
    const { reason = error.code, httpStatus } = error;
    audit(outcome, { reason, httpStatus, diagnostics: diagnosticsOf(error) });
    throw error;
  }
}

function wordsOf(notFound: CallResult<unknown>["notFound"]): Pick<AuditEvent, "reason" | "diagnostics"> {
  if (!(notFound instanceof UpstreamError)) return { reason: notFound ? "NOT_FOUND" : undefined };
  return { reason: notFound.reason ?? "NOT_FOUND", diagnostics: diagnosticsOf(notFound) };
}
