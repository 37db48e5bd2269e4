import type { FastifyInstance } from "fastify";
import type { Clock } from "../../platform/clock.js";
import type { RequestTrace, Tracing } from "../../platform/telemetry/tracing.js";

declare module "fastify" {
  interface FastifyRequest {
    /** The span of this request. Undefined when it is not recorded. */
    requestTrace?: RequestTrace | undefined;
  }
}

export interface RequestTracingOptions {
  readonly tracing: Tracing;
  readonly clock: Clock;
  /** The only route that is traced. */
  readonly route: string;
}

/** Traces the requests of a route, refused ones too. Register it before every hook that can refuse a request. */
export function registerRequestTracing(
  app: FastifyInstance,
  { tracing, clock, route }: RequestTracingOptions,
): void {
  // Declared, so that all requests have one shape, recorded or not.
  app.decorateRequest("requestTrace", undefined);
  app.addHook("onRequest", (request, reply, done) => {
    const { method, headers, id, routeOptions } = request;
    // A preflight is no request for data.
    if (routeOptions.url !== route || method === "OPTIONS") return done();
    const started = tracing.startRequest({
      method,
      route,
      traceParent: headers.traceparent,
      correlationId: id,
      startedAt: clock.now(),
    });
    if (started === undefined) return done();
    request.requestTrace = started;
    // `onResponse` does not run when the client disconnects.
    reply.raw.once("close", () => {
      const { statusCode: status, writableFinished: isComplete } = reply.raw;
      started.end({ status, isComplete, endedAt: clock.now() });
    });
    done();
  });
}
