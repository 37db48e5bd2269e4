import { UpstreamError } from "../errors.js";
import { isTimedOut } from "./deadline.js";
import { raceWithSignal } from "./wait.js";

/**
 * Waits for the response to a call that another request has made, but not beyond the end of this request.
 *
 * @param service the service called, which the error names as if this request had made the call.
 * @throws UpstreamError when the signal ends first; else what the call throws.
 */
export function waitForSharedResponse<T>(
  response: Promise<T>,
  signal: AbortSignal,
  service: string,
): Promise<T> {
  return raceWithSignal(response, signal, () => {
    const message = "The response did not arrive before the request ended. Try again later.";
    const code = isTimedOut(signal) ? "UPSTREAM_TIMEOUT" : "UPSTREAM_UNAVAILABLE";
    return new UpstreamError(message, { service, code, retryable: true, outcomeUnknown: true });
  });
}
