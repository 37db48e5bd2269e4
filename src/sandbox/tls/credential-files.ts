import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Credentials, SandboxCredentials } from "./credentials.js";

/** Where the certificates and keys of consumers are. Only the user who started the sandbox can read them. */
export interface TlsFiles {
  readonly folder: string;
  /** The authority that signed the servers' certificates. */
  readonly ca: string;
  readonly clientCert: string;
  readonly clientKey: string;
  readonly crl: string;
}

/** The files, and what removes them. */
export interface WrittenFiles {
  readonly files: TlsFiles;
  remove(): void;
}

/**
 * Writes the files for consumers. The keys of the servers and of the authority are not written.
 *
 * @param folder Absent: a new one among the temporary files. It is removed with the sandbox, a given one is not.
 */
export function writeCredentialFiles(credentials: SandboxCredentials, folder?: string): WrittenFiles {
  const root = folder === undefined ? mkdtempSync(join(tmpdir(), "spine-sandbox-")) : resolve(folder);
  if (folder !== undefined) mkdirSync(root, { recursive: true, mode: 0o700 });
  const files = {
    folder: root,
    ca: write(root, "ca.pem", credentials.ca),
    ...writePair(root, "client", credentials.consumer),
    crl: write(root, "crl.pem", credentials.crl),
  };
  mkdirSync(join(root, "refused"), { recursive: true, mode: 0o700 });
  for (const [reason, refused] of Object.entries(credentials.refused)) {
    writePair(join(root, "refused"), reason, refused);
  }
  return {
    files,
    remove: () => {
      if (folder === undefined) rmSync(root, { recursive: true, force: true });
    },
  };
}

function writePair(folder: string, name: string, { cert, key }: Credentials) {
  return {
    clientCert: write(folder, `${name}.pem`, cert),
    clientKey: write(folder, `${name}-key.pem`, key),
  };
}

/** An older file is replaced, so that its rights do not stay. */
function write(folder: string, name: string, text: string): string {
  const path = join(folder, name);
  rmSync(path, { force: true });
  writeFileSync(path, text, { mode: 0o600, flag: "wx" });
  return path;
}
