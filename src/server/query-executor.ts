import type { GraphQLRequest, GraphQLResponse } from "@apollo/server";
import {
  type DocumentNode,
  type ExecutionResult,
  type GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  getVariableValues,
  type OperationDefinitionNode,
} from "graphql";
import { executePlan } from "../graph/execution/execute-plan.js";
import type { OperationPlan } from "../graph/execution/plan.js";
import { QueryPlanner } from "../graph/execution/query-planner.js";
import { setCorrelationId } from "./errors/request-ids.js";
import type { ServerContext } from "./server-context.js";

export type FormatError = (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;

/** An operation with its plan and its coerced variables. */
export interface PlannedQuery {
  readonly plan: OperationPlan;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** The request whose query is executed. */
export interface ExecutedRequest {
  readonly contextValue: ServerContext;
  readonly response: Pick<GraphQLResponse, "http">;
}

/** As graphql-js: a request with so many faulty variables needs no more of them. */
const MAX_VARIABLE_ERRORS = { maxErrors: 50 };

/** Executes queries by plans that are made once for a document. */
export class QueryExecutor {
  readonly #planner: QueryPlanner;

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly formatError: FormatError,
  ) {
    this.#planner = new QueryPlanner(schema);
  }

  /**
   * Undefined for whatever graphql-js must execute: mutations, introspection, and requests with faulty variables.
   *
   * @param document valid in the schema.
   */
  plan(
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: GraphQLRequest["variables"],
  ): PlannedQuery | undefined {
    const definitions = operation.variableDefinitions ?? [];
    const { coerced } = getVariableValues(this.schema, definitions, variables ?? {}, MAX_VARIABLE_ERRORS);
    const plan = coerced && this.#planner.planFor(document, operation, coerced);
    return plan && { plan, variables: coerced };
  }

  /** The response, with errors formatted as the server library formats them. The errors as thrown are set on the request. */
  async execute({ plan, variables }: PlannedQuery, request: ExecutedRequest): Promise<GraphQLResponse> {
    const { http } = request.response;
    const { data = null, errors }: ExecutionResult = await executePlan(plan, request.contextValue, variables);
    if (errors === undefined) return { http, body: { kind: "single", singleResult: { data } } };
    // Where the server library keeps them for the plugins that see the response.
    Object.assign(request, { errors });
    const formatted = errors.map((error) => this.#toFormatted(error, request));
    return { http, body: { kind: "single", singleResult: { errors: formatted, data } } };
  }

  /** Formats as the server library does, which formats nothing of a response that comes from a plugin. */
  #toFormatted(error: GraphQLError, { contextValue }: ExecutedRequest): GraphQLFormattedError {
    setCorrelationId(error, contextValue.call.correlationId);
    const extensions = { ...error.extensions, code: error.extensions.code ?? "INTERNAL_SERVER_ERROR" };
    return this.formatError({ ...error.toJSON(), extensions }, error);
  }
}
