import { refusalWords } from "../domain/refusal-words.js";
import { UpstreamError, type UpstreamErrorDetails, type UpstreamService } from "./errors.js";
import type { HttpFailure, HttpResponse } from "./http/http-client.js";
import { retryAfterMs } from "./http/retry-after.js";

/**
 * The part of the error table (design section 4) that is the same for every upstream. What an upstream says in
 * its bodies is translated in its own folder, which then names a finer `reason`.
 */

const WORDS: Record<UpstreamService, string> = {
  PDS: "The Personal Demographics Service",
  SDS: "The Spine directory",
  SSP: "The Spine Secure Proxy",
  PROVIDER: "The practice's system",
  VM: "The Visitors & Migrants service",
};

/**
 * An exchange that brought no whole answer.
 *
 * @param behindProxy whether another party may have caused it: a refused connection and a failure of TLS are
 *   always the service's own, silence and a cut connection may come from behind it.
 */
export function failureToError(
  failure: HttpFailure,
  service: UpstreamService,
  behindProxy = false,
): UpstreamError {
  const left = failure.kind === "refused" || failure.kind === "unresolved" || failure.kind === "tls";
  const base = { service, outcomeUnknown: !left, originUnsure: behindProxy && !left } as const;
  switch (failure.kind) {
    case "timeout":
      return upstreamError({ ...base, code: "UPSTREAM_TIMEOUT", retryable: true }, failure);
    case "too-large":
      return upstreamError({ ...base, code: "UPSTREAM_BAD_RESPONSE", retryable: false }, failure);
    case "tls":
      return upstreamError({ ...base, code: "UPSTREAM_UNAVAILABLE", retryable: false }, failure);
    case "refused":
    case "unresolved":
    case "reset":
    case "cancelled":
      return upstreamError({ ...base, code: "UPSTREAM_UNAVAILABLE", retryable: true }, failure);
  }
}

export interface ResponseDetails {
  /** Of the answer, for what it says of when to come back. */
  readonly headers?: HttpResponse["headers"];
  readonly originUnsure?: boolean;
}

/** Statuses by which an upstream says that it is overloaded, and may say for how long. */
const OVERLOADED = new Set([429, 503]);

/**
 * An answer whose status says that it failed.
 *
 * @param reason a finer code: the upstream's own, or ours.
 */
export function statusToError(
  status: number,
  service: UpstreamService,
  reason?: string,
  { headers, originUnsure }: ResponseDetails = {},
): UpstreamError {
  const details = {
    service,
    reason,
    originUnsure,
    httpStatus: status,
    retryAfterMs: headers && OVERLOADED.has(status) ? retryAfterMs(headers) : undefined,
  } as const;
  if (status === 504 || status === 599) {
    return upstreamError({ ...details, code: "UPSTREAM_TIMEOUT", retryable: true, outcomeUnknown: true });
  }
  if (status >= 500) {
    const permanent = status === 501;
    return upstreamError({
      ...details,
      code: "UPSTREAM_UNAVAILABLE",
      retryable: !permanent,
      outcomeUnknown: !permanent,
    });
  }
  if (status === 429) return upstreamError({ ...details, code: "UPSTREAM_RATE_LIMITED", retryable: true });
  // 408 and 444 are "no answer in time" and "cut off" in the words of the gateways: worth another try later.
  const retryable = status === 408 || status === 444;
  return upstreamError({ ...details, code: "UPSTREAM_REFUSED", retryable, outcomeUnknown: retryable });
}

/** A 2xx that cannot be used. */
export function badResponse(service: UpstreamService, reason: string, httpStatus?: number): UpstreamError {
  return upstreamError({
    service,
    code: "UPSTREAM_BAD_RESPONSE",
    reason,
    httpStatus,
    retryable: false,
    outcomeUnknown: true,
  });
}

/** Builds the error with words that are safe to show: never a URL, a body or a number. */
export function upstreamError(details: UpstreamErrorDetails, cause?: unknown): UpstreamError {
  const message = refusalWords(details.reason) ?? `${WORDS[details.service]} ${sentence(details)}`;
  return new UpstreamError(message, details, cause === undefined ? undefined : { cause });
}

function sentence({ code, retryable }: UpstreamErrorDetails): string {
  switch (code) {
    case "UPSTREAM_TIMEOUT":
      return "did not answer in time. Try again later.";
    case "UPSTREAM_UNAVAILABLE":
      return retryable ? "cannot be reached at the moment. Try again later." : "cannot be reached.";
    case "UPSTREAM_RATE_LIMITED":
      return "is asking us to slow down. Try again in a moment.";
    case "UPSTREAM_REFUSED":
      return "refused the request.";
    case "UPSTREAM_BAD_RESPONSE":
      return "gave an answer that cannot be used.";
  }
}
