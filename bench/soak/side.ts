import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Fault } from "../../src/sandbox/index.js";
import type { ProbeOrder, Sample, UpstreamsOrder, UpstreamsWord } from "./messages.js";

/** A circuit that opened or closed, as the product's log says. */
export interface CircuitEvent {
  readonly at: number;
  readonly who: string;
  readonly change: "opened" | "closed";
}

/** One product with upstreams of its own, each a process. */
export interface Side {
  /** Of the GraphQL endpoint. */
  readonly url: string;
  readonly circuits: readonly CircuitEvent[];
  /** Log lines of level error and above, and whatever is no log line. */
  readonly errors: readonly string[];
  /** Puts these faults in force and takes all others away. */
  setFaults(faults: readonly Fault[]): Promise<void>;
  sample(collectGarbage?: boolean): Promise<Sample>;
  /** Calls sent so far, by service and outcome. */
  calls(): Promise<Map<string, number>>;
  stop(): Promise<void>;
}

const START_MS = 30_000;
const PINO_ERROR = 50;

/** @param auditFile where the product writes its audit, as it does in earnest. */
export async function startSide(auditFile: string): Promise<Side> {
  const upstreams = fork(join(__dirname, "upstreams.js"), { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const urls = await wordFrom(upstreams);
  if (urls.kind !== "ready") throw new Error("the upstreams did not start");
  const product = fork(join(__dirname, "../../src/main.js"), {
    execArgv: ["--expose-gc", "--require", join(__dirname, "probe.js")],
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
    },
  });
  const circuits: CircuitEvent[] = [];
  const errors: string[] = [];
  readLog(product, circuits, errors);
  const base = await baseUrlOf(product, errors);
  return {
    url: `${base}/graphql`,
    circuits,
    errors,
    async setFaults(faults) {
      upstreams.send({ kind: "faults", faults } satisfies UpstreamsOrder);
      await wordFrom(upstreams);
    },
    async sample(collectGarbage = false) {
      product.send({ kind: "sample", collectGarbage } satisfies ProbeOrder);
      const [sample] = await once(product, "message");
      return sample as Sample;
    },
    async calls() {
      const answer = await fetch(`${base}/metrics`);
      return readCalls(await answer.text());
    },
    async stop() {
      product.kill("SIGTERM");
      await Promise.race([
        once(product, "exit"),
        new Promise((resolve) => setTimeout(resolve, 10_000).unref()),
      ]);
      product.kill("SIGKILL");
      upstreams.send({ kind: "stop" } satisfies UpstreamsOrder);
    },
  };
}

async function wordFrom(upstreams: ChildProcess): Promise<UpstreamsWord> {
  const [word] = await once(upstreams, "message");
  return word as UpstreamsWord;
}

function readLog(product: ChildProcess, circuits: CircuitEvent[], errors: string[]): void {
  if (!product.stderr) return;
  createInterface({ input: product.stderr }).on("line", (line) => {
    const entry = parse(line);
    const change = /^circuit (opened|closed)$/.exec(entry?.msg ?? "")?.[1];
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

/** The banner says where it listens. */
async function baseUrlOf(product: ChildProcess, errors: readonly string[]): Promise<string> {
  const late = Date.now() + START_MS;
  let text = "";
  product.stdout?.on("data", (chunk: Buffer) => {
    if (text.length < 10_000) text += chunk.toString("utf8");
  });
  while (Date.now() < late && product.exitCode === null) {
    const port = /http:\/\/localhost:(\d+)\//.exec(text)?.[1];
    if (port !== undefined) return `http://127.0.0.1:${port}`;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`the product did not start: ${errors.join(" ")}`);
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
