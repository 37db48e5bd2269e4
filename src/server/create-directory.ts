import type { Clock } from "../platform/clock.js";
import type { Config } from "../platform/config/config.js";
import type { HttpClient } from "../platform/http/http-client.js";
import { LdapClient } from "../platform/ldap/ldap-client.js";
import type { Log } from "../platform/telemetry/log.js";
import type { TlsSource } from "../platform/tls/tls-source.js";
import { createFhirDirectory, createLdapDirectory, type Directory } from "../upstreams/sds/index.js";

export interface DirectorySources {
  readonly config: Config;
  /** `http(s)://…` or `ldap(s)://…`: the scheme says by which protocol the directory is asked. */
  readonly url: string;
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly log: Log;
  /** Client certificate and trusted authorities, for `ldaps:`. */
  readonly tls?: TlsSource | undefined;
}

/** slapd hangs up on an anonymous connection with more than 100 searches waiting; half of that is safe. */
const MOST_IN_FLIGHT = 50;

/** The directory behind `SDS_URL`, the same for its users whatever the protocol. Opens no connection. */
export function createDirectory({ config, url, http, clock, log, tls }: DirectorySources): {
  readonly directory: Directory;
  /** Hangs up, where there is a line of its own; the HTTP client is its owner's to close. */
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
    // Asked for each connection, so that renewed files are taken up.
    get tls() {
      return tls?.current();
    },
    maxInFlight,
  });
  const { SDS_BASE_DN: baseDn, SDS_LOOKUP: lookup } = config;
  const directory = createLdapDirectory({ ldap, baseDn, lookup, clock, timeoutMs, log });
  return { directory, close: () => ldap.close() };
}
