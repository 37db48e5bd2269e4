import type { Config } from "../platform/config/config.js";
import { connectionsFor, HttpClient } from "../platform/http/http-client.js";
import type { TlsSource } from "../platform/tls/tls-source.js";

/** One client for each upstream service, so that none waits for connections of another. */
export function createHttpClients(config: Config, tls: TlsSource | undefined) {
  return {
    // PDS and the SDS FHIR API are on the internet and require a token or a key, not a client certificate.
    pds: new HttpClient({ connectionsPerOrigin: connectionsFor(config.PDS_MAX_CONCURRENCY) }),
    // A separate client: on a connection of PDS, a token request could wait for calls that wait for the token.
    token: new HttpClient({ connectionsPerOrigin: connectionsFor(config.PDS_MAX_CONCURRENCY) }),
    sds: new HttpClient({ connectionsPerOrigin: connectionsFor(config.SDS_MAX_CONCURRENCY) }),
    ssp: new HttpClient({ connectionsPerOrigin: connectionsFor(config.SSP_MAX_CONCURRENCY), tls }),
    vm: new HttpClient({ connectionsPerOrigin: connectionsFor(config.VM_MAX_CONCURRENCY), tls }),
  };
}
