import { randomUUID } from "node:crypto";
import type { AuditEvent, AuditOutcome } from "../platform/audit/index.js";
import { diagnosticsOf } from "../platform/audit/index.js";
import { UpstreamError } from "../platform/errors.js";
import { signalUntil } from "../platform/resilience/deadline.js";
import { yieldToEventLoop } from "../platform/resilience/response-scheduler.js";
import type { CallDescription, CallOutcome, OpenCall } from "../platform/telemetry/call-log.js";
import type { CallContext } from "./call-context.js";
import type { CalledService } from "./policies.js";
import { exchangeFailureToError } from "./upstream-failures.js";

/** What the audit records about a call beyond its description. */
export type AuditSubject = Pick<AuditEvent, "nhsNumber" | "odsCode" | "sspTraceId" | "sspFrom" | "sspTo">;

/**
 * `write`: the call changes data upstream. It is sent once, it runs to its end whoever waits for it, and an unclear end is
 * recorded as unknown. `reconciling read`: the call finds out what became of a write, so it outlives the request.
 */
export type CallPurpose = "read" | "write" | "reconciling read";

/** One upstream call, apart from how its request is sent and its response is read. */
export interface UpstreamCall extends CallDescription {
  readonly service: CalledService;
  /** Default: `read`. */
  readonly purpose?: CallPurpose | undefined;
  /** A function, where the audit records something that each attempt has of its own. */
  readonly subject?: AuditSubject | ((attempt: Attempt) => AuditSubject) | undefined;
  /** Fewer retries than the service's policy allows. */
  readonly maxRetries?: number | undefined;
  /** Runs before each attempt, outside its record: a token request is a call of its own. */
  readonly prepare?: (() => Promise<void>) | undefined;
  /** Discards the credentials that were used. With it, one 401 leads to another attempt. */
  readonly renew?: (() => void) | undefined;
}

/** What belongs to a single attempt. */
export interface Attempt {
  /** New for every attempt: the `Ssp-TraceID`, where there is one. */
  readonly traceId: string;
  /** Ends the attempt early. Undefined for a call that must run to its end. */
  readonly signal: AbortSignal | undefined;
}

/** How a client sends a request and reads the response. */
export interface Exchange<R, T> {
  /**
   * Sends one request. Runs again for every attempt, so create here what attempts must not share.
   *
   * @throws HttpFailure or LdapFailure when no complete response arrived; `upstreamCall` translates them.
   */
  send(attempt: Attempt): Promise<R>;
  /** Reads a complete response, whatever its status. @throws UpstreamError when it is a failure or cannot be used. */
  read(response: R): CallResult<T>;
}

export interface CallResult<T> {
  readonly value: T;
  /** Left out where the protocol has none. */
  readonly httpStatus?: number | undefined;
  /** The upstream says that no such thing exists: a valid response, not a fault. The error, for the audit's reason. */
  readonly notFound?: boolean | UpstreamError | undefined;
}

/** How long a reconciling read may wait to be sent: the bound on late commits (design, section 9). */
const RECONCILING_READ_MS = 30_000;

/**
 * Makes an upstream call: one attempt, or several where a read may be retried. Every client sends through here. This
 * function alone knows when a request may be sent, how long it may take, how it is logged and audited, and how a failed
 * exchange becomes an error.
 *
 * @throws LimitError when the request has spent its call budget; UpstreamError of the service called; whatever else `send`
 * or `read` throws.
 */
export async function upstreamCall<R, T>(
  context: CallContext,
  call: UpstreamCall,
  exchange: Exchange<R, T>,
): Promise<T> {
  const { purpose = "read" } = call;
  const { caller, correlationId } = context;
  const effect = purpose === "write" ? "write" : "read";
  context.callBudget?.spend(effect);
  const { result, record } = await context.resilience.run(
    {
      service: call.service,
      target: call.target,
      purpose: effect,
      maxRetries: call.maxRetries,
      prepare: call.prepare,
      renew: call.renew,
      signal: purpose === "reconciling read" ? signalUntil(RECONCILING_READ_MS) : context.signal,
      flow: [`${caller.organisation.odsCode} ${caller.person.localId}`, correlationId],
    },
    () => makeAttempt(context, call, exchange),
  );
  if (typeof result !== "function") return record.succeed(result);
  // The follow-up request can reuse this call's connection only after it is free again, which takes a turn of the event
  // loop. In a burst there are other connections, so the first response is read immediately.
  await yieldToEventLoop(context.calls.inFlight > 1);
  return record.succeed(await record.during(result));
}

interface AttemptResult<T> {
  /** The result, or how to read it later. */
  readonly result: CallResult<T> | (() => CallResult<T>);
  readonly record: AttemptRecord;
}

async function makeAttempt<R, T>(
  context: CallContext,
  call: UpstreamCall,
  { send, read }: Exchange<R, T>,
): Promise<AttemptResult<T>> {
  const { purpose = "read", service, subject = {} } = call;
  const attempt: Attempt = {
    traceId: randomUUID(),
    signal: purpose === "read" ? context.signal : undefined,
  };
  const about = typeof subject === "function" ? subject(attempt) : subject;
  const record = new AttemptRecord(context, call, about);
  const result = await record.during(async () => {
    const response = await send(attempt).catch((error: unknown) => {
      throw exchangeFailureToError(error, service);
    });
    return isHttpSuccess(response) ? () => read(response) : read(response);
  });
  record.noteResponse();
  return { result, record };
}

/**
 * A successful HTTP response is read after the attempt has released its permit, since reading takes only our own time. A
 * failed one is read at once, because the decision to retry depends on it; so are LDAP entries, whose connection is
 * shared and never needs to be released.
 */
function isHttpSuccess(response: unknown): boolean {
  if (typeof response !== "object" || response === null || !("status" in response)) return false;
  const { status } = response;
  return typeof status === "number" && status >= 200 && status <= 299;
}

/** One attempt in the call log and in the audit, written once its end is known. */
class AttemptRecord {
  readonly #open: OpenCall;

  constructor(
    private readonly context: CallContext,
    private readonly call: UpstreamCall,
    private readonly subject: AuditSubject,
  ) {
    const { service, interaction, target, backendHost, method } = call;
    this.#open = context.calls.begin({ service, interaction, target, backendHost, method });
  }

  /** The response is here: what follows is our own time. */
  noteResponse(): void {
    this.#open.noteResponse();
  }

  succeed<T>({ value, httpStatus, notFound }: CallResult<T>): T {
    this.#end(notFound ? "NOT_FOUND" : "OK", "SUCCEEDED", { httpStatus, ...reasonOf(notFound) });
    return value;
  }

  /** Carries out a part of the attempt and records its failure. @throws what the part throws. */
  async during<P>(part: () => P | Promise<P>): Promise<P> {
    try {
      return await part();
    } catch (error) {
      this.#fail(error);
      throw error;
    }
  }

  #fail(error: unknown): void {
    const isWrite = this.call.purpose === "write";
    if (!(error instanceof UpstreamError)) {
      this.#end("INTERNAL_SERVER_ERROR", isWrite ? "UNKNOWN" : "FAILED", {});
      return;
    }
    const isUnclear = isWrite && error.outcomeUnknown;
    const outcome = isUnclear ? "UNKNOWN" : error.code === "UPSTREAM_REFUSED" ? "REFUSED" : "FAILED";
    const { reason = error.code, httpStatus } = error;
    this.#end(error.code, outcome, { reason, httpStatus, diagnostics: diagnosticsOf(error) });
  }

  #end(
    logged: CallOutcome,
    outcome: AuditOutcome,
    rest: Pick<AuditEvent, "reason" | "httpStatus" | "diagnostics">,
  ): void {
    const { service, interaction, target } = this.call;
    this.#open.end(logged, rest.httpStatus);
    this.context.audit.record({
      operation: `${service} ${interaction}`,
      odsCode: target ?? undefined,
      ...this.subject,
      ...rest,
      outcome,
    });
  }
}

function reasonOf(notFound: CallResult<unknown>["notFound"]): Pick<AuditEvent, "reason" | "diagnostics"> {
  if (!(notFound instanceof UpstreamError)) return { reason: notFound ? "NOT_FOUND" : undefined };
  return { reason: notFound.reason ?? "NOT_FOUND", diagnostics: diagnosticsOf(notFound) };
}
