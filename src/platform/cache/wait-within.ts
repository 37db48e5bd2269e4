import type { UpstreamService } from "../errors.js";
import { HttpFailure } from "../http/http-client.js";
import { failureToError } from "../upstream-failures.js";

/**
 * Waits for an answer that another request has asked for, but not beyond the end of this one.
 *
 * @throws UpstreamError of the service waited for, as if the call had been this request's own.
 */
export function waitWithin<T>(signal: AbortSignal, service: UpstreamService, answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    // A signal of its own: hundreds of waiting fields on one signal would look like a leak.
    const end = AbortSignal.any([signal]);
    const giveUp = () => {
      const kind = end.reason?.name === "TimeoutError" ? "timeout" : "cancelled";
      reject(failureToError(new HttpFailure(kind), service));
    };
    if (end.aborted) giveUp();
    else end.addEventListener("abort", giveUp, { once: true });
    answer.then(resolve, reject).finally(() => end.removeEventListener("abort", giveUp));
  });
}
