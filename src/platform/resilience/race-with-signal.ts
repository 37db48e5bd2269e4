import { UpstreamError } from "../errors.js";
import { onAbort } from "./on-abort.js";

/**
 * Waits for the response to a call that another request has made, but not beyond the end of this request.
 *
 * @throws UpstreamError of the service called, as if this request had made the call.
 */
export function raceWithSignal<T>(signal: AbortSignal, service: string, response: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = () => reject(noResponseInTime(service, signal));
    if (signal.aborted) return giveUp();
    const stopListening = onAbort(signal, giveUp);
    response.then(resolve, reject).finally(stopListening);
  });
}

function noResponseInTime(service: string, { reason }: AbortSignal): UpstreamError {
  const details = { service, retryable: true, outcomeUnknown: true } as const;
  const message = "The response did not arrive before the request ended. Try again later.";
  return reason?.name === "TimeoutError"
    ? new UpstreamError(message, { ...details, code: "UPSTREAM_TIMEOUT" })
    : new UpstreamError(message, { ...details, code: "UPSTREAM_UNAVAILABLE" });
}
