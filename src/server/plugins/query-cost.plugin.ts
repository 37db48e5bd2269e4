import type { GraphQLRequest } from "@apollo/server";
import { createAffordabilityCheck } from "../../graph/cost/affordability.js";
import type { CostLimits } from "../../graph/cost/require-affordable.js";
import { SpineGraphError } from "../../platform/errors.js";
import { OperationRefusedError } from "../errors/operation-refused-error.js";
import type { OperationPlugin } from "./operation-plugin.js";

/** With the value `1`, the response has the price of the operation, and the operation does not run. */
const COST_ONLY = "spine-cost-only";

/**
 * Refuses an operation that could cost too much, before its execution and before any call. A request with
 * `Spine-Cost-Only: 1` passes the same checks, and ends with its price in `extensions.spine.cost` instead of its execution.
 */
export function queryCostPlugin(limits: CostLimits): OperationPlugin {
  const requireAffordable = createAffordabilityCheck(limits);
  const prices = new WeakMap<GraphQLRequest, number>();
  return {
    didResolveOperation({ schema, document, operation, request, contextValue }) {
      if (!operation) return;
      const { now } = contextValue;
      try {
        const variables = request.variables ?? {};
        const price = requireAffordable(schema, { document, operation, variables, now });
        if (isCostOnly(request)) prices.set(request, price);
      } catch (error) {
        throw error instanceof SpineGraphError ? new OperationRefusedError(error) : error;
      }
    },
    responseForOperation({ request, response }) {
      const price = prices.get(request);
      if (price === undefined) return null;
      const cost = { price, limit: limits.maxCost };
      return {
        http: response.http,
        body: { kind: "single", singleResult: { data: null, extensions: { spine: { cost } } } },
      };
    },
  };
}

function isCostOnly({ http }: GraphQLRequest): boolean {
  return http?.headers.get(COST_ONLY) === "1";
}
