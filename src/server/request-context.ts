import type { FastifyReply, FastifyRequest } from "fastify";
import { ResponseSize } from "../graph/response-size.js";
import { CALL_PRICE } from "../graph/shared/price.js";
import { createLoaders } from "../loaders/create-loaders.js";
import type { Config } from "../platform/config/config.js";
import { Secret } from "../platform/crypto/secret.js";
import { CallBudget } from "../platform/resilience/call-budget.js";
import { createDeadline, REQUEST_ENDED } from "../platform/resilience/deadline.js";
import { type CacheCounts, CallLog, type CallRecord } from "../platform/telemetry/call-log.js";
import type { CallContext } from "../upstreams/call-context.js";
import { type Refusal, reasonOf } from "./auth/refusals.js";
import type { Dependencies } from "./dependencies.js";
import type { ServerContext } from "./server-context.js";

/** Who is told of every upstream call and cache look-up. */
export interface CallObservers {
  readonly onCall: (record: CallRecord) => void;
  readonly onCache: (cache: string, what: keyof CacheCounts) => void;
}

/** Creates the context of one request: caller, deadline, session and new loaders. */
export async function createRequestContext(
  dependencies: Dependencies,
  { onCall, onCache }: CallObservers,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<ServerContext> {
  const { clock, config, audit, sources, resilience } = dependencies;
  const correlationId = request.id;
  const now = clock.now();
  const operationTrace = request.requestTrace?.startOperation(now);
  const noteCall = (record: CallRecord) => {
    onCall(record);
    operationTrace?.recordCall(record);
  };
  const rest = {
    correlationId,
    signal: signalFor(reply, config.REQUEST_DEADLINE_MS),
    calls: new CallLog(clock, noteCall, onCache),
    ...(operationTrace && { span: operationTrace.reference }),
    // A call has one price before an operation runs and while it runs.
    callBudget: new CallBudget(Math.ceil(config.MAX_QUERY_COST / CALL_PRICE)),
    resilience,
  };
  const identified = request.identification;
  if (identified === undefined) throw new TypeError("the request has not passed admission");
  const createDenied = (refusal: Refusal) => {
    const call = { ...rest, audit: audit.trailFor(refusal.known, correlationId) };
    return createDeniedContext({ call, clock, now, trace: false, refusal, operationTrace });
  };
  if (identified.kind === "refused") return createDenied(identified.refusal);
  const { caller, scopes } = identified;
  const idToken = headerText(request.headers["spine-id-token"]);
  const idTokenFault = idToken === undefined ? undefined : await dependencies.checkIdToken(idToken, caller);
  if (idTokenFault !== undefined) {
    return createDenied({ error: idTokenFault, reason: reasonOf(idTokenFault), known: caller });
  }
  const call: CallContext = {
    ...rest,
    caller,
    audit: audit.trailFor(caller, correlationId),
    ...(idToken !== undefined && { idToken: new Secret(idToken) }),
  };
  const sessionText = sessionTextOf(request, idToken, config);
  const session =
    sessionText === undefined ? undefined : await dependencies.sessions.open(sessionText, caller);
  return {
    call,
    loaders: createLoaders(sources, call, session),
    gpConnect: sources.gpConnect,
    slotIds: dependencies.slotIds,
    appointmentIds: dependencies.appointmentIds,
    commands: dependencies.commands,
    relationshipGuard: dependencies.relationshipGuard,
    clock,
    nhsNumberRules: { allowRepeatedDigits: config.NHS_NUMBER_ALLOW_REPEATED_DIGITS },
    now,
    operationTrace,
    responseSize: new ResponseSize(),
    scopes,
    // Against the sandbox everybody may see the calls.
    trace:
      (config.SPINE_ENV === "sandbox" || scopes.has("call-log")) &&
      headerText(request.headers["spine-trace"]) === "1",
  };
}

/**
 * The session's text. When PDS is read in the name of the caller's own sign-in, a session belongs to that sign-in: what
 * it has cached is not available with another ID token or without one.
 */
function sessionTextOf(
  { headers }: FastifyRequest,
  idToken: string | undefined,
  { PDS_AUTH }: Config,
): string | undefined {
  const text = headerText(headers["spine-session"]);
  if (text === undefined || PDS_AUTH !== "token-exchange") return text;
  return idToken === undefined ? undefined : JSON.stringify([text, idToken]);
}

type DeniedParts = Pick<ServerContext, "clock" | "now" | "trace" | "operationTrace"> & {
  readonly call: Omit<CallContext, "caller">;
  readonly refusal: Refusal;
};

/**
 * The context of a denied caller: it has what logging and auditing need, and access to any other member throws. The
 * operation is refused before its execution; this is a second barrier in case a change lets one through.
 */
function createDeniedContext(parts: DeniedParts): ServerContext {
  const { error } = parts.refusal;
  const deny = <T extends object>(allowed: object): T =>
    new Proxy(allowed, {
      get(target, name) {
        // `await` reads `then` of any object.
        if (name in target || name === "then" || typeof name === "symbol") return Reflect.get(target, name);
        throw error;
      },
    }) as T;
  return deny<ServerContext>({ ...parts, call: deny<CallContext>(parts.call) });
}

/** Aborts at the deadline, or when the connection closes, because nobody then waits for the response. */
function signalFor(reply: FastifyReply, deadlineMs: number): AbortSignal {
  const { signal, end } = createDeadline(deadlineMs);
  reply.raw.once("close", () => end(REQUEST_ENDED));
  return signal;
}

function headerText(header: string | string[] | undefined): string | undefined {
  return typeof header === "string" && header !== "" ? header : undefined;
}
