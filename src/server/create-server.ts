import cors from "@fastify/cors";
import fastify, { type FastifyInstance } from "fastify";
import type { GraphQLSchema } from "graphql";
import type { CallRecord } from "../platform/telemetry/call-log.js";
import { NO_TRACING } from "../platform/telemetry/tracing.js";
import { createAdmission } from "./admission/create-admission.js";
import { ROUTER_IDENTITY_HEADER } from "./auth/router-identity.js";
import { createGraphqlServer } from "./create-apollo.js";
import type { Dependencies } from "./dependencies.js";
import { type ExplorerOptions, registerExplorer } from "./explorer.js";
import { createGraphqlHandler } from "./graphql-handler.js";
import { correlationIdFor, registerCorrelation } from "./http/correlation.js";
import { registerDrain, shutdownDelayMs } from "./http/drain.js";
import { type HttpError, registerErrorResponses, sendClientError, sendError } from "./http/error-response.js";
import { registerHealthAndMetrics } from "./http/health-and-metrics.js";
import { BODY_LIMIT, hashRequestBodies, registerRequestBodies } from "./http/request-body.js";
import { registerRequestTracing } from "./http/request-tracing.js";
import { registerNoStore, registerSecurityHeaders } from "./http/response-headers.js";
import { createMetrics } from "./metrics/metrics.js";
import { registerStateMetrics } from "./metrics/state-metrics.js";
import { createRequestContext } from "./request-context.js";
import { UpstreamHealth } from "./upstream-health.js";

export const GRAPHQL_PATH = "/graphql";

/** Other origins whose pages may call the API: Apollo Sandbox, hosted and embedded. The explorer has the same origin. */
const BROWSER_ORIGINS = ["https://studio.apollographql.com", "https://sandbox.embed.apollographql.com"];

const REQUEST_HEADERS = [
  "content-type",
  "authorization",
  "apollo-require-preflight",
  "x-apollo-operation-name",
  "apollographql-client-name",
  "apollographql-client-version",
  "spine-cost-only",
  "spine-session",
  "spine-trace",
  "spine-id-token",
  "x-correlation-id",
];

const EXPOSED_HEADERS = ["x-correlation-id", "ratelimit", "ratelimit-policy", "retry-after"];

const MAX_HEADERS_TIMEOUT_MS = 5_000;

/** No route has a JSON schema. The compilers that Fastify would load for schemas take a twentieth of a start. */
const NO_SCHEMAS = {
  buildValidator: () => refuseSchema,
  buildSerializer: () => refuseSchema,
};

function refuseSchema(): never {
  throw new TypeError("routes have no JSON schemas");
}

const GET_IS_OFF: HttpError = {
  status: 405,
  code: "BAD_USER_INPUT",
  reason: "METHOD_NOT_ALLOWED",
  message: "Queries by GET are off, because they put arguments into URLs. Send them by POST.",
  headers: { allow: "POST" },
};

/**
 * Creates a server that does not listen yet. Closing it lets running operations end.
 *
 * @param explorer content of the page at `/`; without it there is no page.
 */
export async function createServer(
  dependencies: Dependencies,
  schema: GraphQLSchema,
  explorer?: Omit<ExplorerOptions, "graphqlPath">,
): Promise<FastifyInstance> {
  const { config, log } = dependencies;
  const isSandbox = config.SPINE_ENV === "sandbox";
  const metrics = createMetrics(dependencies.faults);
  registerStateMetrics(metrics.registry, dependencies);
  const health = new UpstreamHealth();
  dependencies.workers?.join({ registry: metrics.registry, health });
  dependencies.commands.onAlert((alert, command) => metrics.countCommandAlert(alert, command));
  dependencies.commands.onOutcome((command, outcome) => metrics.countCommandOutcome(command, outcome));
  dependencies.resilience.onWait((service, ms) => metrics.observeWait(service, ms));
  const onCall = (record: CallRecord) => {
    metrics.countCall(record);
    health.observe(record);
  };

  const app = fastify({
    bodyLimit: BODY_LIMIT,
    forceCloseConnections: "idle",
    genReqId: correlationIdFor,
    clientErrorHandler: sendClientError,
    schemaController: { compilersFactory: NO_SCHEMAS },
    // Draining has its own response.
    return503OnClosing: false,
    requestTimeout: config.REQUEST_RECEIVE_TIMEOUT_MS,
    http: {
      headersTimeout: Math.min(MAX_HEADERS_TIMEOUT_MS, config.REQUEST_RECEIVE_TIMEOUT_MS),
      // How often Node.js looks for requests that exceed these two limits.
      connectionsCheckingInterval: Math.min(1_000, config.REQUEST_RECEIVE_TIMEOUT_MS),
    },
  });
  app.server.maxConnections = config.MAX_CONNECTIONS;
  const { clock, tracing } = dependencies;
  if (tracing !== NO_TRACING) registerRequestTracing(app, { tracing, clock, route: GRAPHQL_PATH });
  const drain = registerDrain(app, {
    // After an uncaught exception the state may be inconsistent, so no further request is served.
    delayMs: () => (dependencies.faults?.counts.uncaughtException ? 0 : shutdownDelayMs(config)),
    timeoutMs: config.SHUTDOWN_TIMEOUT_MS,
  });
  registerErrorResponses(app, log);
  const admission = createAdmission(app, { ...dependencies, path: GRAPHQL_PATH, toCorsHeaders }, metrics);
  registerCorrelation(app);
  registerRequestBodies(app);
  if (config.ROUTER_IDENTITY_JWKS_URL !== undefined) hashRequestBodies(app, ROUTER_IDENTITY_HEADER);
  await app.register(cors, {
    origin: BROWSER_ORIGINS,
    methods: ["GET", "POST", "OPTIONS"],
    allowedHeaders: REQUEST_HEADERS,
    exposedHeaders: EXPOSED_HEADERS,
    maxAge: 600,
  });

  const graphql = createGraphqlServer(dependencies, schema, metrics);
  await graphql.apollo.start();
  app.addHook("onClose", () => graphql.apollo.stop());
  const observers = { onCall, onCache: metrics.countCache };
  const handler = createGraphqlHandler(graphql, (request, reply) =>
    createRequestContext(dependencies, observers, request, reply),
  );
  const allowsGet = config.GET_QUERIES ?? isSandbox;
  app.route({ url: GRAPHQL_PATH, method: ["POST", "OPTIONS"], ...admission, handler });
  if (allowsGet) app.get(GRAPHQL_PATH, admission, handler);
  else app.get(GRAPHQL_PATH, (_request, reply) => sendError(reply, GET_IS_OFF));
  registerSecurityHeaders(app);
  registerNoStore(app, GRAPHQL_PATH);

  if (explorer && (config.EXPLORER ?? isSandbox)) {
    registerExplorer(app, { ...explorer, graphqlPath: GRAPHQL_PATH });
  }
  const { auditWriter, workers, urls } = dependencies;
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_SERVICE_NAME: serviceName } = config;
  if (endpoint !== undefined) {
    const { startOtlpMetrics } = await import("./metrics/otlp-metrics.js");
    const collect = () => metrics.registry.getMetricsAsJSON();
    const sent = startOtlpMetrics({ endpoint, serviceName, log, collect, now: () => clock.now() });
    app.addHook("onClose", () => sent.close());
  }
  const sandboxUrls = urls.sandbox;
  registerHealthAndMetrics(app, {
    config,
    log,
    metrics,
    health,
    auditWriter,
    workers,
    drain,
    sandboxUrls,
  });
  return app;
}

/** As `@fastify/cors` sets them, for refusals that are sent before it. */
function toCorsHeaders(origin: string | undefined): Record<string, string> {
  if (origin === undefined || !BROWSER_ORIGINS.includes(origin)) return {};
  return {
    "access-control-allow-origin": origin,
    "access-control-expose-headers": EXPOSED_HEADERS.join(", "),
  };
}
