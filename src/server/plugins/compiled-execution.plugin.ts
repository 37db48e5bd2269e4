import type { KnownQueries } from "../known-queries.js";
import type { QueryExecutor } from "../query-executor.js";
import type { OperationPlugin } from "./operation-plugin.js";

/**
 * Executes queries by their plans, and remembers the queries that have passed all checks. Whatever has no plan, mutations and
 * requests with faulty variables among them, the server library executes with graphql-js.
 */
export function compiledExecutionPlugin(executor: QueryExecutor, known: KnownQueries): OperationPlugin {
  return {
    async responseForOperation(context) {
      const { document, operation, request, source } = context;
      if (!operation) return null;
      const planned = executor.plan(document, operation, request.variables);
      if (!planned) return null;
      known.add(source, document);
      return executor.execute(planned, context);
    },
  };
}
