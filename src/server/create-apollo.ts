import { ApolloServer } from "@apollo/server";
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from "@apollo/server/plugin/disabled";
import type { GraphQLSchema } from "graphql";
import { MAX_SELECTIONS } from "../graph/cost/require-affordable.js";
import type { Dependencies } from "./dependencies.js";
import { createErrorFormatter } from "./errors/format-error.js";
import { KnownQueries } from "./known-queries.js";
import type { Metrics } from "./metrics/metrics.js";
import { loadPersistedOperations } from "./persisted-operations.js";
import { compiledExecutionPlugin } from "./plugins/compiled-execution.plugin.js";
import { confirmAuditPlugin } from "./plugins/confirm-audit.plugin.js";
import { correlationPlugin } from "./plugins/correlation.plugin.js";
import { deprecatedFieldsPlugin } from "./plugins/deprecated-fields.plugin.js";
import { limitAliases } from "./plugins/limit-aliases.js";
import { noServiceSdl } from "./plugins/no-service-sdl.js";
import { operationLogPlugin } from "./plugins/operation-log.plugin.js";
import { joinPlugins } from "./plugins/operation-plugin.js";
import { persistedOperationsPlugin } from "./plugins/persisted-operations.plugin.js";
import { queryCostPlugin } from "./plugins/query-cost.plugin.js";
import { requireCallerPlugin } from "./plugins/require-caller.plugin.js";
import { responseDeadlinePlugin } from "./plugins/response-deadline.plugin.js";
import { responseSizePlugin } from "./plugins/response-size.plugin.js";
import { responseStatusPlugin } from "./plugins/response-status.plugin.js";
import { spineTracePlugin } from "./plugins/spine-trace.plugin.js";
import { variableErrorsPlugin } from "./plugins/variable-errors.plugin.js";
import { QueryExecutor } from "./query-executor.js";
import { QueryRunner } from "./query-runner.js";
import type { ServerContext } from "./server-context.js";
import { stringifyResponse } from "./stringify-response.js";

const MAX_VALIDATION_ERRORS = 5;

/** The GraphQL server, and what executes the queries that it knows. */
export interface GraphqlServer {
  readonly apollo: ApolloServer<ServerContext>;
  /** Undefined where the server library executes everything. */
  readonly runner: QueryRunner | undefined;
}

/**
 * Creates the GraphQL server, not started yet.
 *
 * @throws ConfigError when the persisted-query list cannot be used.
 */
export function createGraphqlServer(
  { auditWriter, config, log }: Dependencies,
  schema: GraphQLSchema,
  metrics: Metrics,
): GraphqlServer {
  const introspection = config.INTROSPECTION ?? config.SPINE_ENV === "sandbox";
  const { PERSISTED_OPERATIONS_FILE: path, PERSISTED_OPERATIONS_ONLY: only } = config;
  const operations = path === undefined ? undefined : loadPersistedOperations(path, schema, log);
  const formatError = createErrorFormatter(log);
  const executor = new QueryExecutor(schema, formatError);
  const known = new KnownQueries();
  const hooks = joinPlugins([
    correlationPlugin,
    variableErrorsPlugin,
    ...(operations === undefined ? [] : [persistedOperationsPlugin({ operations, only })]),
    requireCallerPlugin,
    queryCostPlugin({ maxCost: config.MAX_QUERY_COST, maxDepth: config.MAX_QUERY_DEPTH }),
    ...(config.COMPILED_EXECUTION ? [compiledExecutionPlugin(executor, known)] : []),
    responseSizePlugin,
    responseDeadlinePlugin,
    spineTracePlugin,
    confirmAuditPlugin({ auditWriter, config, log }),
    // After all checks, so that a refused operation is not counted, and none is counted twice.
    deprecatedFieldsPlugin(schema, metrics),
    responseStatusPlugin,
    operationLogPlugin(log, metrics, operations?.names),
  ]);
  const apollo = new ApolloServer<ServerContext>({
    schema,
    csrfPrevention: true,
    introspection,
    hideSchemaDetailsFromClientErrors: !introspection,
    validationRules: introspection ? [limitAliases] : [limitAliases, noServiceSdl],
    // A small document can have a fault in every token. Its author needs the first ones only.
    validationOptions: { maxErrors: MAX_VALIDATION_ERRORS },
    includeStacktraceInErrorResponses: false,
    // main.ts stops everything in order.
    stopOnTerminationSignals: false,
    persistedQueries: false,
    maxRecursiveSelections: MAX_SELECTIONS,
    parseOptions: { maxTokens: 10_000 },
    formatError,
    stringifyResult: stringifyResponse,
    logger: log,
    plugins: [
      // Both would wrap every field, and nothing uses what they add.
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      hooks.plugin,
    ],
  });
  return {
    apollo,
    runner: config.COMPILED_EXECUTION ? new QueryRunner({ schema, known, executor, hooks }) : undefined,
  };
}
