import type { Clock } from "../platform/clock.js";
import { type Config, ConfigError } from "../platform/config/config.js";
import { readPdsPrivateKey } from "../platform/config/pds-settings.js";
import type { HttpClient } from "../platform/http/http-client.js";
import { createApplicationAccess, createUserAccess, type PdsAccess } from "../upstreams/pds/index.js";

export interface PdsAccessOptions {
  readonly config: Config;
  /** The token endpoint, from the settings or of the embedded sandbox. */
  readonly tokenUrl: string | undefined;
  readonly http: HttpClient;
  readonly clock: Clock;
}

/** Creates the source of PDS access tokens that `PDS_AUTH` selects. Undefined when PDS needs no token. Fetches no token yet. */
export function createPdsAccess({ config, tokenUrl, http, clock }: PdsAccessOptions): PdsAccess | undefined {
  if (config.PDS_AUTH === "none") return undefined;
  const { PDS_API_KEY: apiKey, PDS_KEY_ID: keyId } = config;
  const privateKey = readPdsPrivateKey(config.PDS_PRIVATE_KEY_FILE ?? "");
  if (typeof privateKey === "string") throw new ConfigError([privateKey]);
  if (tokenUrl === undefined || apiKey === undefined || keyId === undefined) {
    throw new Error("the settings were not checked");
  }
  const client = { tokenUrl, apiKey, keyId, privateKey };
  const options = { client, http, clock, timeoutMs: config.PDS_TIMEOUT_MS };
  return config.PDS_AUTH === "signed-jwt" ? createApplicationAccess(options) : createUserAccess(options);
}
