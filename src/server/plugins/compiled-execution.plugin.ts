import type { GraphQLRequestContextResponseForOperation, GraphQLResponse } from "@apollo/server";
import {
  type ExecutionResult,
  type GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  getVariableValues,
} from "graphql";
import { executePlan } from "../../graph/execution/execute-plan.js";
import { QueryPlanner } from "../../graph/execution/query-planner.js";
import { setCorrelationId } from "../errors/request-ids.js";
import type { ServerContext } from "../server-context.js";
import type { OperationPlugin } from "./operation-plugin.js";

export type FormatError = (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;

type Context = GraphQLRequestContextResponseForOperation<ServerContext>;

/** As graphql-js: a request with so many faulty variables needs no more of them. */
const MAX_VARIABLE_ERRORS = { maxErrors: 50 };

/**
 * Executes queries by plans that are made once for a document. Whatever this engine does not execute, mutations and
 * requests with faulty variables among them, the server library executes with graphql-js.
 */
export function compiledExecutionPlugin(schema: GraphQLSchema, formatError: FormatError): OperationPlugin {
  const planner = new QueryPlanner(schema);
  return {
    async responseForOperation(context) {
      const { document, operation, request } = context;
      if (!operation) return null;
      const { coerced } = getVariableValues(
        schema,
        operation.variableDefinitions ?? [],
        request.variables ?? {},
        MAX_VARIABLE_ERRORS,
      );
      const plan = coerced && planner.planFor(document, operation, coerced);
      if (!plan) return null;
      return respond(context, await executePlan(plan, context.contextValue, coerced), formatError);
    },
  };
}

function respond(
  context: Context,
  { data, errors }: ExecutionResult,
  formatError: FormatError,
): GraphQLResponse {
  // Where the server library keeps them for the plugins that see the response.
  if (errors !== undefined) Object.assign(context, { errors });
  const singleResult =
    errors === undefined ? { data } : { errors: errors.map(toFormatted(context, formatError)), data };
  return { http: context.response.http, body: { kind: "single", singleResult } } as GraphQLResponse;
}

/** Formats as the server library does, which formats nothing of a response that comes from a plugin. */
function toFormatted({ contextValue }: Context, formatError: FormatError) {
  return (error: GraphQLError): GraphQLFormattedError => {
    setCorrelationId(error, contextValue.call.correlationId);
    const extensions = { ...error.extensions, code: error.extensions.code ?? "INTERNAL_SERVER_ERROR" };
    return formatError({ ...error.toJSON(), extensions }, error);
  };
}
