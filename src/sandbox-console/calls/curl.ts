import { shellQuote } from "../../web-ui/shell-quote.js";
import type { Urls } from "../api/control-api.js";
import type { ServiceName } from "../api/fault.js";
import type { JournalEntry } from "../api/journal-entry.js";
import { listSentHeaders } from "./sent-headers.js";

/** Headers that curl sets itself. With `accept-encoding` the response would be unreadable bytes. */
const SET_BY_CURL = new Set([
  "host",
  "connection",
  "keep-alive",
  "content-length",
  "transfer-encoding",
  "expect",
  "accept-encoding",
]);

/**
 * The request as a curl command for a POSIX shell. A call to a practice goes through the proxy, as practices accept
 * nothing else.
 *
 * @param related the other half of a call through the proxy. The practice's half has the body.
 */
export function toCurlCommand(entry: JournalEntry, related: JournalEntry | null, urls: Urls): string {
  const body = entry.body ?? (related?.service === "PRACTICE" ? related.body : undefined);
  const sent = listSentHeaders(entry).filter(([name]) => !SET_BY_CURL.has(name));
  return [
    "curl -s",
    ...verbFlags(entry.method),
    shellQuote(urlOf(entry, urls)),
    ...sent.flatMap(([name, value]) => ["-H", shellQuote(`${name}: ${value}`)]),
    ...(body === undefined ? [] : ["--data-raw", shellQuote(body)]),
  ].join(" ");
}

function verbFlags(method: string): readonly string[] {
  // A search by LDAP is its URL alone.
  if (method === "GET" || method === "SEARCH") return [];
  return method === "HEAD" ? ["-I"] : ["-X", method];
}

const ORIGINS: Readonly<Record<ServiceName, (urls: Urls) => string>> = {
  PDS: ({ pds }) => new URL(pds).origin,
  SDS: ({ sds }) => new URL(sds).origin,
  SSP: ({ ssp }) => ssp,
  PRACTICE: ({ ssp, practices }) => `${ssp}/${practices}`,
  VM: ({ vm }) => new URL(vm).origin,
};

/** In the journal, the URL of a search by LDAP has no host. */
const LDAP = "ldap:///";

function urlOf({ service, path }: JournalEntry, urls: Urls): string {
  return path.startsWith(LDAP)
    ? `${urls.ldap}/${encodeURI(path.slice(LDAP.length))}`
    : `${ORIGINS[service](urls)}${path}`;
}
