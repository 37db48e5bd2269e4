import type { FastifyReply, FastifyRequest } from "fastify";
import type { GraphContext } from "../graph/context.js";
import { createLoaders } from "../loaders/create-loaders.js";
import type { CallContext } from "../platform/call-context.js";
import { CallLog, type CallRecord } from "../platform/call-log.js";
import { signalUntil } from "../platform/deadline.js";
import { Secret } from "../platform/secret.js";
import { currentCorrelationId } from "./correlation.js";
import type { Dependencies } from "./dependencies.js";

/** The graph's context and what only the server needs of the request. */
export interface ServerContext extends GraphContext {
  /** The caller asked for the call log. */
  readonly trace: boolean;
}

/** Builds the context of one request: who asks, until when, and fresh loaders. */
export async function createRequestContext(
  dependencies: Dependencies,
  onCall: (record: CallRecord) => void,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<ServerContext> {
  const { clock, config, caller, audit, sources } = dependencies;
  const correlationId = currentCorrelationId();
  const idToken = headerText(request.headers["spine-id-token"]);
  const call: CallContext = {
    caller,
    idToken: idToken === undefined ? undefined : new Secret(idToken),
    correlationId,
    signal: signalFor(reply, config.REQUEST_DEADLINE_MS),
    calls: new CallLog(clock, onCall),
    audit: audit.trailFor(caller, correlationId),
    traffic: dependencies.traffic,
  };
  const sessionText = headerText(request.headers["spine-session"]);
  const session =
    sessionText === undefined ? undefined : await dependencies.sessions.open(sessionText, caller);
  return {
    call,
    loaders: createLoaders(sources, call, session),
    gpConnect: sources.gpConnect,
    slotIds: dependencies.slotIds,
    appointmentIds: dependencies.appointmentIds,
    clock,
    nhsNumberRules: { allowRepeatedDigits: config.NHS_NUMBER_ALLOW_REPEATED_DIGITS },
    now: clock.now(),
    trace: headerText(request.headers["spine-trace"]) === "1",
  };
}

/** Ends at the deadline, or when the connection is done with: whatever still runs then has nobody to answer. */
function signalFor(reply: FastifyReply, deadlineMs: number): AbortSignal {
  const gone = new AbortController();
  reply.raw.once("close", () => gone.abort());
  return signalUntil(deadlineMs, gone.signal);
}

function headerText(header: string | string[] | undefined): string | undefined {
  return typeof header === "string" && header !== "" ? header : undefined;
}
