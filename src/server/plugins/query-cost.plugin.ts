import type { ApolloServerPlugin } from "@apollo/server";
import { type CostLimits, requireAffordable } from "../../graph/cost/require-affordable.js";
import { SpineGraphError } from "../../platform/errors.js";
import { OperationRefusedError } from "../errors/operation-refused-error.js";
import type { ServerContext } from "../server-context.js";

/** Refuses an operation that could cost too much, before its execution and before any call. */
export function queryCostPlugin(limits: CostLimits): ApolloServerPlugin<ServerContext> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ schema, document, operation, request, contextValue }) {
          if (!operation) return;
          const { now } = contextValue;
          try {
            const variables = request.variables ?? {};
            requireAffordable(schema, { document, operation, variables, now }, limits);
          } catch (error) {
            throw error instanceof SpineGraphError ? new OperationRefusedError(error) : error;
          }
        },
      };
    },
  };
}
