import { randomUUID } from "node:crypto";
import type { AuditEvent, AuditOutcome } from "./audit/audit.js";
import { diagnosticsOf } from "./audit/diagnostics.js";
import type { CallContext } from "./call-context.js";
import { UpstreamError } from "./errors.js";
import type { HttpResponse } from "./http/http-client.js";
import { signalUntil } from "./resilience/deadline.js";
import { yieldToEventLoop } from "./resilience/response-scheduler.js";
import type { CallDescription, CallOutcome, OpenCall } from "./telemetry/call-log.js";

/** What the audit needs to know of a call beyond its description. */
export type AuditSubject = Pick<AuditEvent, "nhsNumber" | "odsCode" | "sspTraceId" | "sspFrom" | "sspTo">;

export interface CallResult<T> {
  readonly value: T;
  /** Left out where the protocol has none. */
  readonly httpStatus?: number | undefined;
  /** The upstream says that there is no such thing; an answer, not a fault. The error, for its words in the audit. */
  readonly notFound?: boolean | UpstreamError;
}

/**
 * What an attempt has brought: its result, or how to read it. What is still to be read is read when the attempt's
 * place is another's already, since that takes our own time only; no repeat can hang on it.
 */
export type Brought<T> = CallResult<T> | (() => CallResult<T>);

/** A success is read later, when there is time. What has failed is read at once: whether it is repeated hangs on it. */
export function readWhenDue<T>(
  answer: HttpResponse,
  read: (answer: HttpResponse) => CallResult<T>,
): Brought<T> {
  return answer.status >= 200 && answer.status <= 299 ? () => read(answer) : read(answer);
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
export async function upstreamCall<T>(
  context: CallContext,
  description: CallDescription,
  subject: AuditSubject | ((attempt: Attempt) => AuditSubject),
  send: (attempt: Attempt) => Promise<Brought<T>>,
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
  const { brought, record } = await context.traffic.run(call, async () => {
    const attempt = { traceId: randomUUID() };
    const about = typeof subject === "function" ? subject(attempt) : subject;
    const record = new AttemptRecord(context, description, about, purpose === "write");
    const brought = await record.during(() => send(attempt));
    record.noteArrival();
    return { brought, record };
  });
  if (typeof brought !== "function") return record.succeed(brought);
  // What follows from the only call would open another connection, were it sent before this one's is free again. Of many,
  // the first need not wait.
  await yieldToEventLoop(context.calls.underWay > 1);
  return record.succeed(await record.during(brought));
}

/** One attempt, written down once its end is known. */
class AttemptRecord {
  readonly #open: OpenCall;

  constructor(
    private readonly context: CallContext,
    private readonly description: CallDescription,
    private readonly subject: AuditSubject,
    private readonly write: boolean,
  ) {
    this.#open = context.calls.begin(description);
  }

  /** The answer is in: what comes now is our own time. */
  noteArrival(): void {
    this.#open.noteArrival();
  }

  succeed<T>({ value, httpStatus, notFound }: CallResult<T>): T {
    this.#end(notFound ? "NOT_FOUND" : "OK", "SUCCEEDED", { httpStatus, ...wordsOf(notFound) });
    return value;
  }

  /** Does a part of the attempt, and writes down how it failed. @throws what the part throws. */
  async during<R>(part: () => R | Promise<R>): Promise<R> {
    try {
      return await part();
    } catch (error) {
      this.#fail(error);
      throw error;
    }
  }

  #fail(error: unknown): void {
    if (!(error instanceof UpstreamError)) {
      this.#end("INTERNAL_SERVER_ERROR", this.write ? "UNKNOWN" : "FAILED", {});
      return;
    }
    const isUnclear = this.write && error.outcomeUnknown;
    const outcome = isUnclear ? "UNKNOWN" : error.code === "UPSTREAM_REFUSED" ? "REFUSED" : "FAILED";
    const { reason = error.code, httpStatus } = error;
    this.#end(error.code, outcome, { reason, httpStatus, diagnostics: diagnosticsOf(error) });
  }

  #end(
    logged: CallOutcome,
    outcome: AuditOutcome,
    rest: Pick<AuditEvent, "reason" | "httpStatus" | "diagnostics">,
  ): void {
    const { service, interaction, target } = this.description;
    this.#open.end(logged);
    this.context.audit.record({
      operation: `${service} ${interaction}`,
      odsCode: target ?? undefined,
      ...this.subject,
      ...rest,
      outcome,
    });
  }
}

function wordsOf(notFound: CallResult<unknown>["notFound"]): Pick<AuditEvent, "reason" | "diagnostics"> {
  if (!(notFound instanceof UpstreamError)) return { reason: notFound ? "NOT_FOUND" : undefined };
  return { reason: notFound.reason ?? "NOT_FOUND", diagnostics: diagnosticsOf(notFound) };
}
