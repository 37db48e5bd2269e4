import type { UpstreamError } from "../platform/errors.js";
import { HttpFailure, type HttpResponse } from "../platform/http/http-client.js";
import { retryAfterMs } from "../platform/http/retry-after.js";
import { LdapFailure } from "../platform/ldap/ldap-failure.js";
import { ldapFailureToError } from "./ldap-failures.js";
import { type CalledService, FAILURE_ATTRIBUTION, type UpstreamService } from "./policies.js";
import { upstreamError } from "./upstream-errors.js";

/*
 * The part of the error table (design, section 4) that is the same for every upstream. Each upstream's folder translates
 * its own response bodies and names a finer `reason`.
 */

/** Translates the failure of an exchange with the service called. Any other error is returned unchanged. */
export function exchangeFailureToError(error: unknown, called: CalledService): unknown {
  const { service, behind } = FAILURE_ATTRIBUTION[called];
  if (error instanceof LdapFailure) return ldapFailureToError(error, service);
  if (!(error instanceof HttpFailure)) return error;
  if (behind === undefined) return httpFailureToError(error, service);
  return httpFailureToError(error, isFromBehindProxy(error) ? behind : service, true);
}

/** A proxy's own responses are short and plain: one that is too large, or cannot be decoded, came from behind it. */
function isFromBehindProxy({ kind }: HttpFailure): boolean {
  return kind === "too-large" || kind === "undecodable";
}

/**
 * An exchange that brought no complete response.
 *
 * @param behindProxy whether another party may have caused the failure. A refused connection and a TLS failure are always
 *   the service's own; silence and a cut connection may come from the party behind it.
 */
export function httpFailureToError(
  failure: HttpFailure,
  service: UpstreamService,
  behindProxy = false,
): UpstreamError {
  const wasNotSent = failure.kind === "refused" || failure.kind === "unresolved" || failure.kind === "tls";
  const base = { service, outcomeUnknown: !wasNotSent, originUnsure: behindProxy && !wasNotSent } as const;
  switch (failure.kind) {
    case "timeout":
      return upstreamError({ ...base, code: "UPSTREAM_TIMEOUT", retryable: true }, failure);
    case "too-large":
      return upstreamError({ ...base, code: "UPSTREAM_BAD_RESPONSE", retryable: false }, failure);
    case "undecodable":
      return upstreamError(
        { ...base, code: "UPSTREAM_BAD_RESPONSE", reason: "UNDECODABLE_BODY", retryable: false },
        failure,
      );
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
  /** Of the response: `Retry-After` says how long to wait. */
  readonly headers?: HttpResponse["headers"];
  readonly originUnsure?: boolean;
  readonly notForwarded?: boolean;
}

/** Statuses that mean overload and may carry `Retry-After`. */
const OVERLOADED = new Set([429, 503]);

/**
 * A response whose status says that the request failed.
 *
 * @param reason a finer code: the upstream's own, or ours.
 */
export function statusToError(
  status: number,
  service: UpstreamService,
  reason?: string,
  { headers, originUnsure, notForwarded }: ResponseDetails = {},
): UpstreamError {
  const details = {
    service,
    reason,
    originUnsure,
    notForwarded,
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
  // Gateways send 408 for "no response in time" and 444 for "connection closed": both are worth another try later.
  const retryable = status === 408 || status === 444;
  return upstreamError({ ...details, code: "UPSTREAM_REFUSED", retryable, outcomeUnknown: retryable });
}
