import type { Filter } from "ldapts";
import type { OdsCode } from "../../domain/ods-code.js";
import type { LdapClient } from "../../platform/ldap/ldap-client.js";
import type { CallContext } from "../call-context.js";
import { upstreamCall } from "../upstream-call.js";
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
  /** The organisations of the search, for the call log. */
  readonly odsCodes: readonly OdsCode[];
}

/** SDS notes, section 10: one retry, over a new connection. */
const MAX_RETRIES = 1;

/**
 * Sends one search. An empty result is final here. The FHIR interface needs a second round, because it hides time-outs of
 * its own LDAP searches (trap 13).
 *
 * @throws UpstreamError
 */
export function searchDirectory(
  { ldap, baseDn, timeoutMs }: DirectorySearchOptions,
  { filter, attributes, odsCodes }: DirectorySearch,
  context: CallContext,
): Promise<DirectoryRecord[]> {
  const [odsCode, ...others] = new Set(odsCodes);
  const target = odsCode !== undefined && others.length === 0 ? odsCode : null;
  const call = { service: "SDS", interaction: "search", target, maxRetries: MAX_RETRIES } as const;
  return upstreamCall(context, call, {
    send: ({ signal }) => ldap.search({ baseDn, filter, attributes, timeoutMs, signal }),
    read: (entries) => ({ value: toRecords(entries), notFound: entries.length === 0 }),
  });
}
