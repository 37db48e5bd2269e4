import type { Clock } from "../platform/clock.js";
import type { Config } from "../platform/config/config.js";
import type { HttpClient } from "../platform/http/http-client.js";
import { LdapClient } from "../platform/ldap/ldap-client.js";
import type { Log } from "../platform/telemetry/log.js";
import type { TlsSource } from "../platform/tls/tls-source.js";
import { createFhirDirectory, createLdapDirectory, type Directory } from "../upstreams/sds/index.js";

export interface DirectorySources {
  readonly config: Config;
  /** `http(s)://…` or `ldap(s)://…`: the scheme selects the protocol. */
  readonly url: string;
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly log: Log;
  /** Client certificate and trusted authorities, for `ldaps:`. */
  readonly tls?: TlsSource | undefined;
}

/** slapd closes an anonymous connection with more than 100 waiting searches. Half of that is safe. */
const MOST_IN_FLIGHT = 50;

/** Creates the directory client for `SDS_URL`, with the same interface for both protocols. Opens no connection. */
export function createDirectory({ config, url, http, clock, log, tls }: DirectorySources): {
  readonly directory: Directory;
  /** Closes the LDAP connection. The HTTP client belongs to the caller. */
  close(): Promise<void>;
} {
  const timeoutMs = config.SDS_TIMEOUT_MS;
  if (!/^ldaps?:/i.test(url)) {
    const apiKey = config.SDS_API_KEY;
    const directory = createFhirDirectory({ url, apiKey, http, clock, timeoutMs, log });
    return { directory, close: async () => {} };
  }
  const maxInFlight = Math.min(config.SDS_MAX_CONCURRENCY, MOST_IN_FLIGHT);
  const ldap = new LdapClient({
    url,
    // Read for each connection, so that renewed files take effect.
    get tls() {
      return tls?.current();
    },
    maxInFlight,
  });
  const { SDS_BASE_DN: baseDn, SDS_LOOKUP: lookup } = config;
  const directory = createLdapDirectory({ ldap, baseDn, lookup, clock, timeoutMs, log });
  return { directory, close: () => ldap.close() };
}
