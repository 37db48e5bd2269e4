import type { TlsOptions } from "node:tls";
import { type TlsFiles, writeCredentialFiles } from "./credential-files.js";
import { CLIENT_HOSTS, createCredentials } from "./credentials.js";
import { serverTls } from "./server-tls.js";

/** The TLS of a sandbox. */
export interface SandboxTls {
  /** Options of all servers. */
  readonly server: TlsOptions;
  /** Options of the proxy's connections to practices. */
  readonly proxy: { readonly ca: string; readonly cert: string; readonly key: string };
  /** The host that a client certificate must name, by service. Services that are not listed need none. */
  readonly clientHosts: { readonly SSP: string; readonly VM: string; readonly PRACTICE: string };
  /** The files for consumers. */
  readonly files: TlsFiles;
  /** Removes the files, unless they lie in a folder that the caller chose. */
  remove(): void;
}

/**
 * Creates the throw-away authority, and writes the files for consumers.
 *
 * @throws Error when the folder cannot be written
 */
export async function prepareTls(folder?: string): Promise<SandboxTls> {
  const credentials = await createCredentials();
  const { consumer, proxy } = CLIENT_HOSTS;
  return {
    server: serverTls(credentials),
    proxy: { ca: credentials.ca, ...credentials.proxy },
    clientHosts: { SSP: consumer, VM: consumer, PRACTICE: proxy },
    ...writeCredentialFiles(credentials, folder),
  };
}
