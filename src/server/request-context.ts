import type { FastifyReply, FastifyRequest } from "fastify";
import type { GraphContext } from "../graph/context.js";
import { createLoaders } from "../loaders/create-loaders.js";
import type { CallContext } from "../platform/call-context.js";
import { Secret } from "../platform/crypto/secret.js";
import { signalUntil } from "../platform/resilience/deadline.js";
import { CallLog, type CallRecord } from "../platform/telemetry/call-log.js";
import type { Refusal } from "./auth/refusals.js";
import type { Dependencies } from "./dependencies.js";

/** The graph's context and what only the server needs of the request. */
export interface ServerContext extends GraphContext {
  /** The caller asked for the call log, and may have it. */
  readonly trace: boolean;
  /** Why this caller may run nothing. */
  readonly refusal?: Refusal | undefined;
}

/** Builds the context of one request: who asks, until when, and fresh loaders. */
export async function createRequestContext(
  dependencies: Dependencies,
  onCall: (record: CallRecord) => void,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<ServerContext> {
  const { clock, config, audit, sources, traffic } = dependencies;
  const correlationId = request.id;
  const now = clock.now();
  const rest = {
    correlationId,
    signal: signalFor(reply, config.REQUEST_DEADLINE_MS),
    calls: new CallLog(clock, onCall),
    traffic,
  };
  const identified = await dependencies.identify(request.headers.authorization);
  if (identified.kind === "refused") {
    const { refusal } = identified;
    const call = { ...rest, audit: audit.trailFor(refusal.known, correlationId) };
    return shut({ call, clock, now, trace: false, refusal });
  }
  const { caller } = identified;
  const idToken = headerText(request.headers["spine-id-token"]);
  const call: CallContext = {
    ...rest,
    caller,
    audit: audit.trailFor(caller, correlationId),
    ...(idToken !== undefined && { idToken: new Secret(idToken) }),
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
    commands: dependencies.commands,
    clock,
    nhsNumberRules: { allowRepeatedDigits: config.NHS_NUMBER_ALLOW_REPEATED_DIGITS },
    now,
    // Live, the log takes a permission (design section 5), and there are none yet that could be given.
    trace: config.SPINE_ENV === "sandbox" && headerText(request.headers["spine-trace"]) === "1",
  };
}

type Known = Pick<ServerContext, "clock" | "now" | "trace"> & {
  readonly call: Omit<CallContext, "caller">;
  readonly refusal: Refusal;
};

/**
 * The context of a caller who was refused: enough to log and audit by, and every other door of it throws. The operation
 * has been stopped before it gets here; should a change ever let one through, it still reaches nothing.
 */
function shut(known: Known): ServerContext {
  const { error } = known.refusal;
  const close = <T extends object>(open: object): T =>
    new Proxy(open, {
      get(target, name) {
        // Whatever is awaited is asked for its `then`.
        if (name in target || name === "then" || typeof name === "symbol") return Reflect.get(target, name);
        throw error;
      },
    }) as T;
  return close<ServerContext>({ ...known, call: close<CallContext>(known.call) });
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
