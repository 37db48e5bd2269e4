import type { Exchange } from "./request.js";

/** What the operation in the editors would cost, or why the server would refuse it. */
export type Cost =
  | { readonly kind: "unknown" }
  | { readonly kind: "price"; readonly price: number; readonly limit: number }
  | { readonly kind: "refused"; readonly message: string };

/** Before the first response, and for an operation that is not valid. */
export const UNKNOWN: Cost = { kind: "unknown" };

/** Reads the response to a request with `Spine-Cost-Only`. A server without the header gives no price. */
export function toCost({ response }: Pick<Exchange, "response">): Cost {
  const [error] = response.errors ?? [];
  if (error !== undefined) return { kind: "refused", message: error.message };
  const cost = (
    response.extensions as { spine?: { cost?: { price?: unknown; limit?: unknown } } } | undefined
  )?.spine?.cost;
  return typeof cost?.price === "number" && typeof cost.limit === "number"
    ? { kind: "price", price: cost.price, limit: cost.limit }
    : UNKNOWN;
}
