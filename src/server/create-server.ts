import { ApolloServer } from "@apollo/server";
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from "@apollo/server/plugin/disabled";
import { fastifyApolloDrainPlugin, fastifyApolloHandler } from "@as-integrations/fastify";
import cors from "@fastify/cors";
import fastify, { type FastifyInstance } from "fastify";
import type { GraphQLSchema } from "graphql";
import type { CallRecord } from "../platform/telemetry/call-log.js";
import { requireCallerPlugin } from "./auth/require-caller.plugin.js";
import { correlationIdFor, correlationPlugin, registerCorrelation } from "./correlation.js";
import type { Dependencies } from "./dependencies.js";
import { type ExplorerOptions, registerExplorer } from "./explorer.js";
import { createErrorFormatter } from "./format-error.js";
import { createMetrics } from "./metrics.js";
import { operationLogPlugin } from "./plugins/operation-log.plugin.js";
import { spineTracePlugin } from "./plugins/spine-trace.plugin.js";
import { createRequestContext, type ServerContext } from "./request-context.js";
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
  "spine-session",
  "spine-trace",
  "spine-id-token",
  "x-correlation-id",
];

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
  const { log } = dependencies;
  const metrics = createMetrics();
  const health = new UpstreamHealth();
  const onCall = (record: CallRecord) => {
    metrics.countCall(record);
    health.observe(record);
  };

  const app = fastify({
    bodyLimit: 1024 * 1024,
    forceCloseConnections: "idle",
    genReqId: correlationIdFor,
  });
  registerCorrelation(app);
  await app.register(cors, {
    origin: BROWSER_ORIGINS,
    methods: ["GET", "POST", "OPTIONS"],
    allowedHeaders: REQUEST_HEADERS,
    exposedHeaders: ["x-correlation-id"],
    maxAge: 600,
  });

  const apollo = new ApolloServer<ServerContext>({
    schema,
    csrfPrevention: true,
    introspection: true,
    includeStacktraceInErrorResponses: false,
    // main.ts stops everything in order.
    stopOnTerminationSignals: false,
    persistedQueries: false,
    maxRecursiveSelections: true,
    parseOptions: { maxTokens: 10_000 },
    formatError: createErrorFormatter(log),
    logger: log,
    plugins: [
      fastifyApolloDrainPlugin(app),
      // Both would wrap every field, and nothing uses what they add.
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      correlationPlugin,
      requireCallerPlugin,
      spineTracePlugin,
      operationLogPlugin(log, metrics),
    ],
  });
  await apollo.start();
  app.route({
    url: GRAPHQL_PATH,
    method: ["GET", "POST", "OPTIONS"],
    handler: fastifyApolloHandler(apollo, {
      context: (request, reply) => createRequestContext(dependencies, onCall, request, reply),
    }),
  });

  if (explorer) registerExplorer(app, { ...explorer, graphqlPath: GRAPHQL_PATH });
  app.get("/health/live", () => ({ status: "ok" }));
  app.get("/health/ready", () => ({ status: "ok", upstreams: health.upstreams }));
  app.get("/metrics", async (_request, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
  return app;
}
