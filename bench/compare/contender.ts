import { type ChildProcess, execFileSync, fork } from "node:child_process";
import { existsSync, openSync } from "node:fs";
import { join } from "node:path";
import type { UpstreamUrls } from "../../src/server/dependencies.js";
import { end } from "../kit/child.js";
import { outputFolder, ROOT } from "../kit/repository.js";
import { baseUrlOf, START_FLAGS } from "../kit/server-process.js";
import type { ProbeSample } from "./probe.js";

/** A service that is measured. */
export interface ContenderKind {
  readonly name: string;
  readonly file: string;
  readonly isRest?: true;
  /** Prints its address as `npm start` does. The others send it over IPC. */
  readonly isOurs?: true;
}

const PEERS = join(ROOT, "bench", "peers");

/** The product of this build. The benchmarks are compiled beside it. */
export const OURS: ContenderKind = {
  name: "ours",
  file: join(__dirname, "../../src/main.js"),
  isOurs: true,
};

export const REST: ContenderKind = {
  name: "(a) hand-written REST",
  file: join(PEERS, "rest.mjs"),
  isRest: true,
};
export const MERCURIUS: ContenderKind = { name: "(b) Mercurius + JIT", file: join(PEERS, "mercurius.mjs") };
export const YOGA: ContenderKind = { name: "(c) GraphQL Yoga", file: join(PEERS, "yoga.mjs") };
export const NAIVE: ContenderKind = { name: "(d) naive Apollo", file: join(PEERS, "naive.mjs") };

/** Installs what the peers need, once. The product does not depend on it. */
export function installPeers(): void {
  if (existsSync(join(PEERS, "node_modules"))) return;
  execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
    cwd: PEERS,
    stdio: "inherit",
  });
}

/** A running service. */
export interface Contender {
  readonly kind: ContenderKind;
  readonly port: number;
  /** Processor time and memory of its process, which include nothing of the load or the upstreams. */
  probe(collectGarbage?: boolean): Promise<ProbeSample>;
  stop(): Promise<void>;
}

/**
 * Starts a service with the flags of `npm start`; its log and its audit go to files.
 *
 * @param urls of the upstreams. Undefined: this server starts its sandbox.
 */
export async function startContender(
  kind: ContenderKind,
  urls: UpstreamUrls | undefined,
  environment: Readonly<Record<string, string>> = {},
): Promise<Contender> {
  const folder = outputFolder();
  const log = openSync(join(folder, "server.log"), "a");
  const child = fork(kind.file, {
    execArgv: [...START_FLAGS, "--expose-gc", "--require", join(__dirname, "probe.js")],
    stdio: ["ignore", kind.isOurs ? "pipe" : log, log, "ipc"],
    env: {
      PATH: process.env.PATH,
      NODE_ENV: "production",
      HOST: "127.0.0.1",
      PORT: "0",
      AUDIT_FILE: join(folder, "audit.ndjson"),
      ...(urls && { PDS_URL: urls.pds, SDS_URL: urls.sds, SSP_URL: urls.ssp }),
      ...environment,
    },
  });
  const base = await (kind.isOurs ? baseUrlOf(child) : announcedBy(child));
  let lastProbe = 0;
  return {
    kind,
    port: Number(new URL(base).port),
    probe: (collectGarbage = false) => {
      lastProbe += 1;
      return probe(child, lastProbe, collectGarbage);
    },
    stop: () => {
      child.kill("SIGKILL");
      return end(child);
    },
  };
}

function announcedBy(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once("exit", () => reject(new Error("a peer ended at its start")));
    child.on("message", ({ listening }: { listening?: string }) => {
      if (listening !== undefined) resolve(listening);
    });
  });
}

function probe(child: ChildProcess, id: number, collectGarbage: boolean): Promise<ProbeSample> {
  return new Promise((resolve, reject) => {
    const fail = () => reject(new Error("a service ended while it was measured"));
    const read = (sample: ProbeSample) => {
      if (sample.probe !== id) return;
      child.off("message", read);
      child.off("exit", fail);
      resolve(sample);
    };
    child.on("message", read);
    child.once("exit", fail);
    child.send({ probe: id, collectGarbage });
  });
}
