import { type GraphQLRequest, type GraphQLResponse, HeaderMap } from "@apollo/server";
import type { FormattedExecutionResult, GraphQLSchema } from "graphql";
import type { KnownQueries, KnownQuery } from "./known-queries.js";
import type { EndedOperation, OperationHooks, ResolvedOperation } from "./plugins/operation-plugin.js";
import type { ExecutedRequest, PlannedQuery, QueryExecutor } from "./query-executor.js";
import type { ServerContext } from "./server-context.js";
import { stringifyResponse } from "./stringify-response.js";

export interface QueryRunnerOptions {
  readonly schema: GraphQLSchema;
  readonly known: KnownQueries;
  readonly executor: QueryExecutor;
  readonly hooks: OperationHooks;
}

type RunningQuery = ExecutedRequest & Omit<EndedOperation, "response">;

/** A well-formed request for a known query. */
export interface KnownRequest {
  readonly query: KnownQuery;
  readonly request: GraphQLRequest;
}

export interface CompleteResponse {
  readonly http: GraphQLResponse["http"];
  /** JSON. */
  readonly text: string;
}

/**
 * Executes queries that are known from earlier requests, with the same checks, the same execution and the same records as the
 * server library, and without the promises and copies of its pipeline. It takes ordinary requests only: whatever is refused, or
 * has faulty variables, is left to the library from the start.
 */
export class QueryRunner {
  constructor(private readonly options: QueryRunnerOptions) {}

  /** Undefined for a query that is not known. */
  find(request: GraphQLRequest): KnownRequest | undefined {
    const query = this.options.known.find(request.query ?? "", request.operationName);
    return query && { query, request };
  }

  /** Undefined when the server library must run the request; nothing has been executed, counted or recorded then. */
  async run(
    { query, request }: KnownRequest,
    context: Promise<ServerContext>,
  ): Promise<CompleteResponse | undefined> {
    const contextValue = await context.catch(() => undefined);
    if (contextValue === undefined) return undefined;
    const { schema, executor } = this.options;
    if (contextValue.refusal !== undefined) return undefined;
    const { source, document, operation } = query;
    const planned = executor.plan(document, operation, request.variables);
    if (planned === undefined) return undefined;
    const resolved = { contextValue, document, operation, request, schema };
    if (!(await this.#isPermitted(resolved))) return undefined;
    return this.#execute(planned, { ...resolved, source });
  }

  /** A refusal is dropped: the library makes the same checks again, and tells the caller. */
  async #isPermitted(operation: ResolvedOperation): Promise<boolean> {
    try {
      await this.options.hooks.check(operation);
      return true;
    } catch {
      return false;
    }
  }

  async #execute(
    planned: PlannedQuery,
    resolved: ResolvedOperation & Pick<EndedOperation, "source">,
  ): Promise<CompleteResponse> {
    const { executor, hooks } = this.options;
    const head = { headers: new HeaderMap() };
    const running: RunningQuery = { ...resolved, response: { http: head } };
    const response = await executor.execute(planned, running);
    const ended: EndedOperation = { ...running, response };
    await hooks.end(ended);
    const { http, body } = ended.response;
    if (body.kind !== "single") throw new TypeError("a query has one result");
    return { http, text: await stringifyResponse(inOrder(body.singleResult)) };
  }
}

/** The members in the order in which the server library sends them. */
function inOrder({ errors, data, extensions }: FormattedExecutionResult): FormattedExecutionResult {
  return {
    ...(errors !== undefined && { errors }),
    ...(data !== undefined && { data }),
    ...(extensions !== undefined && { extensions }),
  };
}
