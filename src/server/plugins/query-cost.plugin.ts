import type { ApolloServerPlugin } from "@apollo/server";
import { createAffordabilityCheck } from "../../graph/cost/affordability.js";
import type { CostLimits } from "../../graph/cost/require-affordable.js";
import { SpineGraphError } from "../../platform/errors.js";
import { OperationRefusedError } from "../errors/operation-refused-error.js";
import type { ServerContext } from "../server-context.js";

/** With the value `1`, the response has the price of the operation, and the operation does not run. */
const COST_ONLY = "spine-cost-only";

/**
 * Refuses an operation that could cost too much, before its execution and before any call. A request with
 * `Spine-Cost-Only: 1` passes the same checks, and ends with its price in `extensions.spine.cost` instead of its execution.
 */
export function queryCostPlugin(limits: CostLimits): ApolloServerPlugin<ServerContext> {
  const requireAffordable = createAffordabilityCheck(limits);
  return {
    async requestDidStart() {
      let price: number | undefined;
      return {
        async didResolveOperation({ schema, document, operation, request, contextValue }) {
          if (!operation) return;
          const { now } = contextValue;
          try {
            const variables = request.variables ?? {};
            price = requireAffordable(schema, { document, operation, variables, now });
          } catch (error) {
            throw error instanceof SpineGraphError ? new OperationRefusedError(error) : error;
          }
        },
        async responseForOperation({ request, response }) {
          if (price === undefined || request.http?.headers.get(COST_ONLY) !== "1") return null;
          const cost = { price, limit: limits.maxCost };
          return {
            http: response.http,
            body: { kind: "single", singleResult: { data: null, extensions: { spine: { cost } } } },
          };
        },
      };
    },
  };
}
