import { refusalWords } from "../domain/refusal-words.js";
import { UpstreamError, type UpstreamErrorDetails } from "../platform/errors.js";
import type { UpstreamService } from "./policies.js";

const NAMES: Record<UpstreamService, string> = {
  PDS: "The Personal Demographics Service",
  SDS: "The Spine directory",
  SSP: "The Spine Secure Proxy",
  PROVIDER: "The practice's system",
  VM: "The Visitors & Migrants service",
  STORE: "The store",
};

/** The details of an error that one of the known services caused. */
export interface UpstreamFailureDetails extends UpstreamErrorDetails {
  readonly service: UpstreamService;
}

/** Builds the error with a message that is safe to show: never a URL, a body or an NHS number. */
export function upstreamError(details: UpstreamFailureDetails, cause?: unknown): UpstreamError {
  const message = refusalWords(details.reason) ?? `${NAMES[details.service]} ${sentence(details)}`;
  return new UpstreamError(message, details, cause === undefined ? undefined : { cause });
}

/** A 2xx response that cannot be used. */
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

function sentence({ code, retryable }: UpstreamErrorDetails): string {
  switch (code) {
    case "UPSTREAM_TIMEOUT":
      return "did not respond in time. Try again later.";
    case "UPSTREAM_UNAVAILABLE":
      return retryable ? "cannot be reached at the moment. Try again later." : "cannot be reached.";
    case "UPSTREAM_RATE_LIMITED":
      return "is limiting requests. Try again in a moment.";
    case "UPSTREAM_REFUSED":
      return "refused the request.";
    case "UPSTREAM_BAD_RESPONSE":
      return "sent a response that cannot be used.";
  }
}
