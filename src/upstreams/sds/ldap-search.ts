import type { Filter } from "ldapts";
import type { OdsCode } from "../../domain/ods-code.js";
import type { CallContext } from "../../platform/call-context.js";
import type { UpstreamError } from "../../platform/errors.js";
import { type LdapClient, LdapFailure } from "../../platform/ldap/ldap-client.js";
import { upstreamCall } from "../../platform/recorded-call.js";
import { upstreamError } from "../../platform/upstream-failures.js";
import { type DirectoryRecord, toRecords } from "./ldap-records.js";

export interface DirectorySearchOptions {
  readonly ldap: Pick<LdapClient, "search">;
  /** `ou=services,o=nhs`. */
  readonly baseDn: string;
  /** For each attempt. */
  readonly timeoutMs: number;
}

export interface DirectorySearch {
  readonly filter: Filter;
  readonly attributes: readonly string[];
  /** The organisations that are asked about, for the call log. */
  readonly odsCodes: readonly OdsCode[];
}

/** The server gave up an answer at its limit: fewer organisations at once may do (SDS notes, section 5.3). */
export const SIZE_LIMIT_EXCEEDED = "SIZE_LIMIT_EXCEEDED";

/** SDS notes, section 10: one repeat, over a new connection. */
const MAX_REPEATS = 1;

/**
 * Sends one search and writes down each attempt of it. An empty answer is an answer here: the FHIR interface's
 * swallowed time-outs, which it asks a second time for, come from its own use of this one (trap 13).
 *
 * @throws UpstreamError
 */
export async function searchDirectory(
  { ldap, baseDn, timeoutMs }: DirectorySearchOptions,
  { filter, attributes, odsCodes }: DirectorySearch,
  context: CallContext,
): Promise<DirectoryRecord[]> {
  const [odsCode, ...others] = new Set(odsCodes);
  const target = odsCode !== undefined && others.length === 0 ? odsCode : null;
  const description = { service: "SDS", interaction: "search", target } as const;
  const search = { baseDn, filter, attributes, timeoutMs, signal: context.signal };
  const send = async () => {
    const entries = await ldap.search(search).catch((error: unknown) => {
      throw error instanceof LdapFailure ? ldapFailureToError(error) : error;
    });
    return { value: entries, notFound: entries.length === 0 };
  };
  return toRecords(await upstreamCall(context, description, {}, send, { maxRepeats: MAX_REPEATS }));
}

/** The part of the error table (design section 4) that is LDAP's. The server's own words stay behind. */
export function ldapFailureToError(failure: LdapFailure): UpstreamError {
  const service = "SDS";
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
      return unusable(SIZE_LIMIT_EXCEEDED, failure);
    case "referral":
      return unusable("REFERRAL", failure);
    case "malformed":
      return unusable("NOT_LDAP", failure);
    case "result-code":
      return resultCodeToError(failure);
  }
}

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

function resultCodeToError(failure: LdapFailure): UpstreamError {
  const resultCode = failure.resultCode ?? 80;
  const details = { service: "SDS", reason: NAMES[resultCode] ?? `LDAP_RESULT_${resultCode}` } as const;
  switch (resultCode) {
    case 3:
      return upstreamError({ ...details, code: "UPSTREAM_TIMEOUT", retryable: true }, failure);
    case 10:
      return unusable(details.reason, failure);
    case 51:
    case 52:
    case 80:
      return upstreamError({ ...details, code: "UPSTREAM_UNAVAILABLE", retryable: true }, failure);
    default:
      return upstreamError({ ...details, code: "UPSTREAM_REFUSED", retryable: false }, failure);
  }
}

function unusable(reason: string, failure: LdapFailure): UpstreamError {
  return upstreamError({ service: "SDS", code: "UPSTREAM_BAD_RESPONSE", reason, retryable: false }, failure);
}
