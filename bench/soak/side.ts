import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Fault } from "../../src/sandbox/index.js";
import type { PopulationSize } from "../../src/sandbox/population/population.js";
import { baseUrlOf, START_FLAGS } from "../kit/server-process.js";
import type { ProbeRequest, Sample, UpstreamsRequest, UpstreamsResponse } from "./messages.js";

/** A circuit breaker opened or closed, as the server's log says. */
export interface CircuitEvent {
  readonly at: number;
  readonly who: string;
  readonly change: "opened" | "closed";
}

/** A server and its upstreams, each in a process of its own. */
export interface Side {
  /** The URL of the GraphQL endpoint. */
  readonly url: string;
  readonly circuits: readonly CircuitEvent[];
  /** Log lines of level error and above, and lines that are not log lines. */
  readonly errors: readonly string[];
  /** Activates these faults and removes all others. */
  setFaults(faults: readonly Fault[]): Promise<void>;
  sample(collectGarbage?: boolean): Promise<Sample>;
  /** The calls so far, by service and outcome. */
  calls(): Promise<Map<string, number>>;
  stop(): Promise<void>;
}

const PINO_ERROR = 50;

export interface SideOptions {
  /** Where the server writes its audit, as in production. */
  readonly auditFile: string;
  /** Generated patients and practices, in addition to the personas. */
  readonly population?: PopulationSize;
  /** Further settings of the server. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Starts the upstreams and the server, each in a process of its own. */
export async function startSide({ auditFile, population, environment }: SideOptions): Promise<Side> {
  const upstreams = fork(join(__dirname, "upstreams.js"), [JSON.stringify(population ?? null)], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const urls = await nextMessage(upstreams);
  if (urls.kind !== "ready") throw new Error("the upstreams did not start");
  const server = fork(join(__dirname, "../../src/main.js"), {
    execArgv: [...START_FLAGS, "--expose-gc", "--require", join(__dirname, "probe.js")],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: {
      PATH: process.env.PATH,
      NODE_ENV: "production",
      HOST: "127.0.0.1",
      PORT: "0",
      LOG_LEVEL: "info",
      AUDIT_FILE: auditFile,
      CONSUMER_TYPE: "gp-practice",
      PDS_URL: urls.pds,
      SDS_URL: urls.sds,
      SSP_URL: urls.ssp,
      ...environment,
    },
  });
  const circuits: CircuitEvent[] = [];
  const errors: string[] = [];
  readLog(server, circuits, errors);
  const base = await baseUrlOf(server);
  return {
    url: `${base}/graphql`,
    circuits,
    errors,
    async setFaults(faults) {
      upstreams.send({ kind: "faults", faults } satisfies UpstreamsRequest);
      await nextMessage(upstreams);
    },
    async sample(collectGarbage = false) {
      server.send({ kind: "sample", collectGarbage } satisfies ProbeRequest);
      const [sample] = await once(server, "message");
      return sample as Sample;
    },
    async calls() {
      const response = await fetch(`${base}/metrics`);
      return readCalls(await response.text());
    },
    async stop() {
      server.kill("SIGTERM");
      await Promise.race([
        once(server, "exit"),
        new Promise((resolve) => setTimeout(resolve, 10_000).unref()),
      ]);
      server.kill("SIGKILL");
      upstreams.send({ kind: "stop" } satisfies UpstreamsRequest);
    },
  };
}

async function nextMessage(upstreams: ChildProcess): Promise<UpstreamsResponse> {
  const [message] = await once(upstreams, "message");
  return message as UpstreamsResponse;
}

function readLog(server: ChildProcess, circuits: CircuitEvent[], errors: string[]): void {
  if (!server.stderr) return;
  createInterface({ input: server.stderr }).on("line", (line) => {
    const entry = parse(line);
    const change = /^circuit breaker (opened|closed)$/.exec(entry?.msg ?? "")?.[1];
    if (change === "opened" || change === "closed") {
      circuits.push({ at: Date.now(), who: entry?.practice ?? entry?.service ?? "?", change });
    }
    if (entry === undefined || (entry.level ?? PINO_ERROR) >= PINO_ERROR) errors.push(line.slice(0, 300));
  });
}

interface LogEntry {
  readonly level?: number;
  readonly msg?: string;
  readonly practice?: string;
  readonly service?: string;
}

function parse(line: string): LogEntry | undefined {
  try {
    return JSON.parse(line) as LogEntry;
  } catch {
    return undefined;
  }
}

const COUNT = /^spine_upstream_call_duration_seconds_count\{(.*)\} (\d+)$/;

function readCalls(metrics: string): Map<string, number> {
  const calls = new Map<string, number>();
  for (const line of metrics.split("\n")) {
    const [, labels = "", count] = COUNT.exec(line) ?? [];
    if (count === undefined) continue;
    const label = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(labels)?.[1] ?? "";
    const key = `${label("service")} ${label("outcome")}`;
    calls.set(key, (calls.get(key) ?? 0) + Number(count));
  }
  return calls;
}
