import type { UpstreamError } from "../../platform/errors.js";
import type { HttpResponse } from "../../platform/http/http-client.js";
import { upstreamError } from "../upstream-errors.js";
import { statusToError } from "../upstream-failures.js";

/**
 * A response whose status says that the request failed. PDS sends 408 with `UNABLE_TO_CALL_SERVICE` when Spine did not respond
 * to it in time (PDS notes, section 8): a time-out, not a refusal.
 */
export function pdsStatusToError(response: HttpResponse, reason: string | undefined): UpstreamError {
  const { status: httpStatus } = response;
  if (httpStatus !== 408) return statusToError(httpStatus, "PDS", reason, response);
  const details = { service: "PDS", reason, httpStatus, retryable: true, outcomeUnknown: true } as const;
  return upstreamError({ ...details, code: "UPSTREAM_TIMEOUT" });
}
