import { UpstreamError } from "../errors.js";

/** The store cannot be used at all; the message tells an operator why and goes to the start-up output as it is. */
export class StoreStartError extends Error {
  override readonly name = "StoreStartError";
}

/**
 * What a caller is told when the store cannot confirm (design section 4). This request has sent nothing; of an earlier
 * one under the same key the store holds the truth, which cannot be read now, so the words must not deny it.
 */
export function storeUnavailable(cause: unknown): UpstreamError {
  return new UpstreamError(
    "The store could not confirm what must be kept, so this request sent nothing. Of earlier requests under the same key, if there were any, that says nothing. Try again in a moment.",
    { service: "STORE", code: "UPSTREAM_UNAVAILABLE", reason: "STORE_UNAVAILABLE", retryable: true },
    { cause },
  );
}
