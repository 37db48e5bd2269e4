import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Config } from "../../platform/config/config.js";
import type { Identification, Identify } from "../auth/identify.js";
import { ROUTER_IDENTITY_HEADER } from "../auth/router-identity.js";
import { type HttpError, HttpRequestError, sendErrorEarly } from "../http/error-response.js";
import type { Metrics } from "../metrics/metrics.js";
import { OperationGate } from "./operation-gate.js";
import type { RateOutcome, RequestRates } from "./request-rates.js";

declare module "fastify" {
  interface FastifyRequest {
    /** Who makes the request. Set by admission, before the handler. */
    identification?: Identification;
  }
}

const OVERLOADED: HttpError = {
  status: 503,
  code: "RATE_LIMITED",
  reason: "OVERLOADED",
  message: "The server is at its limit. Retry after the time in Retry-After.",
  headers: { "retry-after": "1" },
};

const CALLER_RATE: HttpError = {
  status: 429,
  code: "RATE_LIMITED",
  reason: "CALLER_RATE",
  message: "Too many requests. Retry after the time in Retry-After.",
};

/** Short, since a refused caller should hear so within 100 ms. */
const MAX_WAIT_MS = 50;

/** The hook of a route whose requests need admission. */
export interface AdmissionHooks {
  /** After the body has been read, so that a slow sender takes no place. */
  readonly preHandler: (request: FastifyRequest, reply: FastifyReply) => Promise<void>;
}

export interface AdmissionOptions {
  /** The path whose requests need admission. */
  readonly path: string;
  /** The headers that let the page of an origin read a refusal. */
  readonly toCorsHeaders: (origin: string | undefined) => Readonly<Record<string, string>>;
  readonly config: Pick<Config, "AUTH_JWKS_URL" | "MAX_CONCURRENT_OPERATIONS">;
  readonly identify: Identify;
  readonly requestRates: Pick<RequestRates, "countAnonymous" | "countCaller">;
}

/**
 * Refuses requests at once while the server is full, before the body is read, and creates the hook that admits the
 * others: identify the caller, count the request against the limits, and wait for a
 * place. A refused request is not logged or audited, because a flood of requests must not become a flood of records; it
 * is counted in the metrics.
 */
export function createAdmission(
  app: FastifyInstance,
  { config, identify, requestRates, path, toCorsHeaders }: AdmissionOptions,
  metrics: Metrics,
): AdmissionHooks {
  const gate = new OperationGate({
    maxConcurrent: config.MAX_CONCURRENT_OPERATIONS,
    maxQueued: Math.ceil(config.MAX_CONCURRENT_OPERATIONS / 4),
    maxWaitMs: MAX_WAIT_MS,
  });
  // Without authentication everybody is one caller, and nobody is anonymous.
  const countsRates = config.AUTH_JWKS_URL !== undefined;
  const refuse = (error: HttpError): never => {
    metrics.countRefusedRequest(error.reason ?? "");
    throw new HttpRequestError(error);
  };
  app.decorateRequest("identification");
  // Register this before other hooks: under a flood, each of them would cost as much as the refusal itself.
  app.addHook("onRequest", (request, reply, done) => {
    const { method, routeOptions, headers } = request;
    if (routeOptions.url !== path || method === "OPTIONS" || !gate.isFull) return done();
    metrics.countRefusedRequest(OVERLOADED.reason ?? "");
    sendErrorEarly(reply, OVERLOADED, toCorsHeaders(headers.origin));
  });
  return {
    async preHandler(request, reply) {
      let isAdmitted = false;
      let hasGone = reply.raw.destroyed;
      let leaveQueue: (() => void) | undefined;
      // Emitted once for each response, whether it was sent or the client has gone.
      reply.raw.once("close", () => {
        hasGone = true;
        leaveQueue?.();
        if (isAdmitted) gate.release();
      });
      const identification = await identify({
        authorization: request.headers.authorization,
        routerIdentity: routerIdentityOf(request),
        // The query of a GET is in its URL, which nothing binds.
        bodyHash: request.method === "POST" ? request.bodyHash?.() : undefined,
      });
      request.identification = identification;
      if (countsRates) {
        const outcome =
          identification.kind === "caller"
            ? await requestRates.countCaller(identification.caller)
            : requestRates.countAnonymous();
        reply.headers(toHeaders(outcome));
        if (outcome.exceeded) refuse(CALLER_RATE);
      }
      const place = hasGone ? false : gate.enter();
      let entered = place === true;
      if (typeof place === "object") {
        leaveQueue = place.leave;
        entered = await place.admitted;
      }
      // The client may have gone after it was admitted and before this line.
      if (entered && hasGone) gate.release();
      isAdmitted = entered && !hasGone;
      if (!isAdmitted) refuse(OVERLOADED);
    },
  };
}

/** Several headers count as one that is malformed, so that nobody can add one to the router's. */
function routerIdentityOf({ headers }: FastifyRequest): string | undefined {
  const header = headers[ROUTER_IDENTITY_HEADER];
  return Array.isArray(header) ? header.join(", ") : header;
}

/** The fields of draft-ietf-httpapi-ratelimit-headers. */
function toHeaders({
  policy,
  exceeded,
  limit,
  remaining,
  resetSeconds,
}: RateOutcome): Record<string, string> {
  return {
    "ratelimit-policy": `"${policy}";q=${limit};w=1`,
    ratelimit: `"${policy}";r=${remaining};t=${resetSeconds}`,
    ...(exceeded && { "retry-after": String(resetSeconds) }),
  };
}
