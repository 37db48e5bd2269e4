import type { Clock } from "../platform/clock.js";
import type { Config } from "../platform/config/config.js";
import { tlsFilesOf } from "../platform/config/tls-settings.js";
import type { Log } from "../platform/telemetry/log.js";
import { TlsSource } from "../platform/tls/tls-source.js";

/**
 * Creates the mutual TLS configuration for SSP, V&M and the directory by LDAP. Undefined when the settings name no
 * files, as in the sandbox.
 */
export function createSpineTls(config: Config, clock: Clock, log: Log): TlsSource | undefined {
  if (config.SPINE_CA_FILE === undefined) return undefined;
  return new TlsSource({ files: tlsFilesOf(config), maxVersion: config.SPINE_TLS_MAX_VERSION, clock, log });
}
