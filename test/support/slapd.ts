import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import type { TestCertificate } from "./certificates.js";
import { freePorts } from "./free-ports.js";
import { findProgram } from "./needs.js";

export interface SlapdOptions {
  /** What the directory holds, from the root of its tree on. */
  readonly ldif: string;
  /** Entries given at most to one search. */
  readonly sizeLimit?: number;
  /** `ldaps:` only, and with a client certificate of that authority only. */
  readonly tls?: { readonly authority: TestCertificate; readonly server: TestCertificate };
}

export interface Slapd {
  /** `ldap://127.0.0.1:…`, or `ldaps://localhost:…` with TLS. */
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
}

const SCHEMA = resolve(__dirname, "../fixtures/sds/directory.schema");
/** Debian's back ends are modules; elsewhere they may be built in. */
const MODULES = "/usr/lib/ldap";

/** Starts a real OpenLDAP server that belongs to one test: own port on loopback, own folder, own seed. */
export async function startSlapd(options: SlapdOptions): Promise<Slapd> {
  const program = findProgram("slapd");
  if (program === undefined) throw new Error("no slapd on the PATH");
  const folder = mkdtempSync(join(tmpdir(), "spine-graph-slapd-"));
  const settings = join(folder, "slapd.conf");
  const seed = join(folder, "seed.ldif");
  mkdirSync(join(folder, "db"));
  writeFileSync(settings, settingsFor(folder, options));
  writeFileSync(seed, options.ldif);
  // One program under several names: as slapadd it fills the database of a server that does not run yet.
  execFileSync(program, ["-T", "add", "-q", "-f", settings, "-l", seed], { stdio: "pipe" });

  const scheme = options.tls ? "ldaps" : "ldap";
  const { server, port } = await startOnFreePort(program, settings, scheme);
  return {
    port,
    url: options.tls ? `ldaps://localhost:${port}` : `ldap://127.0.0.1:${port}`,
    async stop() {
      await end(server);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function settingsFor(folder: string, { sizeLimit = 500, tls }: SlapdOptions): string {
  const modules = existsSync(MODULES) ? [`modulepath ${MODULES}`, "moduleload back_mdb"] : [];
  const security = tls && [
    `TLSCACertificateFile ${tls.authority.certFile}`,
    `TLSCertificateFile ${tls.server.certFile}`,
    `TLSCertificateKeyFile ${tls.server.keyFile}`,
    "TLSVerifyClient demand",
  ];
  return [
    `include ${SCHEMA}`,
    ...modules,
    ...(security ?? []),
    `sizelimit ${sizeLimit}`,
    "database mdb",
    'suffix "o=nhs"',
    `directory ${join(folder, "db")}`,
    "maxsize 33554432",
    "index objectClass,nhsIDCode,nhsMHSPartyKey,nhsAsSvcIA,nhsMhsSvcIA,uniqueIdentifier eq",
    "access to * by anonymous read by * read",
    "",
  ].join("\n");
}

async function startOnFreePort(
  program: string,
  settings: string,
  scheme: string,
): Promise<{ server: ChildProcess; port: number }> {
  // Between the choice of a port and its use another process may have taken it: slapd then ends at once.
  for (let attempt = 0; attempt < 20; attempt++) {
    const port = await freePorts();
    const server = spawn(program, ["-f", settings, "-h", `${scheme}://127.0.0.1:${port}`, "-d", "none"], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    if (await isUp(server, port)) return { server, port };
  }
  throw new Error("slapd does not start");
}

/**
 * It says that it starts once the port is its own, a moment before it listens there; false when it ends instead.
 */
async function isUp(server: ChildProcess, port: number): Promise<boolean> {
  const starting = await new Promise<boolean>((resolve, reject) => {
    server.once("error", reject);
    server.once("exit", () => resolve(false));
    if (server.stderr === null) return reject(new Error("slapd's words are not read"));
    createInterface({ input: server.stderr }).on("line", (line) => {
      if (line.endsWith("slapd starting")) resolve(true);
    });
  });
  if (!starting) return false;
  while (server.exitCode === null && server.signalCode === null) {
    if (await accepts(port)) return true;
  }
  return false;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("error", () => resolve(false));
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
  });
}

function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    server.once("exit", () => resolve());
    server.kill("SIGKILL");
  });
}
