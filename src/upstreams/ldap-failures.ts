import type { UpstreamError } from "../platform/errors.js";
import type { LdapFailure } from "../platform/ldap/ldap-failure.js";
import type { UpstreamService } from "./policies.js";
import { upstreamError } from "./upstream-errors.js";

/** The server stopped at its limit: a search for fewer organisations may succeed (SDS notes, section 5.3). */
export const SIZE_LIMIT_EXCEEDED = "SIZE_LIMIT_EXCEEDED";

/** RFC 4511, appendix A; SDS notes, section 10. */
const NAMES: Readonly<Record<number, string>> = {
  3: "TIME_LIMIT_EXCEEDED",
  10: "REFERRAL",
  32: "NO_SUCH_OBJECT",
  48: "INAPPROPRIATE_AUTHENTICATION",
  49: "INVALID_CREDENTIALS",
  50: "INSUFFICIENT_ACCESS_RIGHTS",
  51: "BUSY",
  52: "UNAVAILABLE",
  53: "UNWILLING_TO_PERFORM",
  80: "OTHER",
};

/** The part of the error table (design, section 4) that is LDAP's. The server's own words are dropped. */
export function ldapFailureToError(failure: LdapFailure, service: UpstreamService): UpstreamError {
  switch (failure.kind) {
    case "timeout":
      return upstreamError({ service, code: "UPSTREAM_TIMEOUT", retryable: true }, failure);
    case "refused":
    case "unresolved":
    case "reset":
    case "cancelled":
      return upstreamError({ service, code: "UPSTREAM_UNAVAILABLE", retryable: true }, failure);
    case "tls":
      return upstreamError({ service, code: "UPSTREAM_UNAVAILABLE", retryable: false }, failure);
    case "size-limit":
      return unusable(SIZE_LIMIT_EXCEEDED, failure, service);
    case "referral":
      return unusable("REFERRAL", failure, service);
    case "malformed":
      return unusable("NOT_LDAP", failure, service);
    case "result-code":
      return resultCodeToError(failure, service);
  }
}

function resultCodeToError(failure: LdapFailure, service: UpstreamService): UpstreamError {
  const resultCode = failure.resultCode ?? 80;
  const details = { service, reason: NAMES[resultCode] ?? `LDAP_RESULT_${resultCode}` } as const;
  switch (resultCode) {
    case 3:
      return upstreamError({ ...details, code: "UPSTREAM_TIMEOUT", retryable: true }, failure);
    case 10:
      return unusable(details.reason, failure, service);
    case 51:
    case 52:
    case 80:
      return upstreamError({ ...details, code: "UPSTREAM_UNAVAILABLE", retryable: true }, failure);
    default:
      return upstreamError({ ...details, code: "UPSTREAM_REFUSED", retryable: false }, failure);
  }
}

function unusable(reason: string, failure: LdapFailure, service: UpstreamService): UpstreamError {
  return upstreamError({ service, code: "UPSTREAM_BAD_RESPONSE", reason, retryable: false }, failure);
}
