import { once } from "node:events";
import { join } from "node:path";
import { type Child, startChild } from "../kit/child.js";
import { outputFolder } from "../kit/repository.js";
import { cpuSecondsOf, memoryOf, type ServerProcess, startServerProcess } from "../kit/server-process.js";
import { nhsNumbers } from "../upstreams/people.js";
import { startUpstreamProcess } from "../upstreams/upstream-process.js";
import type { Condition } from "../upstreams/upstreams.js";
import type { FloodPlan, FloodResult } from "./generator.js";

export const UPSTREAM_MS = 20;
export const FACTOR = 10;
export const FLOOD_SECONDS = 20;
/** As many clients as the server runs operations by default, and some in its queue. */
export const CAPACITY_CLIENTS = 220;
const WARM_UP_SECONDS = 8;
const CAPACITY_SECONDS = 5;
const REST_MS = 30_000;
const PATIENTS = 20_000;
/** The generator never opens more, unless a scenario says so: the server accepts 2,000. */
const MAX_CONNECTIONS = 1_900;

export interface Scenario {
  readonly name: string;
  readonly connections: number;
  readonly maxConnections: number;
}

export const SCENARIOS: readonly Scenario[] = [
  { name: "as many connections as it needs", connections: 250, maxConnections: MAX_CONNECTIONS },
  { name: "1,000 connections", connections: 1_000, maxConnections: 1_000 },
  { name: "5,000 connections", connections: 5_000, maxConnections: 5_000 },
];

export interface ScenarioResult {
  readonly scenario: Scenario;
  readonly capacity: number;
  readonly flood: FloodResult;
  readonly beforeMiB: number;
  readonly peakMiB: number;
  /** 30 seconds after the flood. */
  readonly afterMiB: number;
  /** Processor seconds of the server during the flood. */
  readonly serverCpuSeconds: number;
  /** Of the upstreams, over the flood and the rest after it. */
  readonly upstreams: Condition;
}

export interface ShutdownResult {
  /** From SIGTERM in the middle of a flood to the exit. */
  readonly ms: number;
  readonly exitCode: number | null;
}

export interface FloodMeasurement {
  readonly scenarios: readonly ScenarioResult[];
  readonly shutdown: ShutdownResult;
}

/** Each scenario has a server of its own, so that one does not inherit the memory of another. */
export async function measureFlood(scenarios: readonly Scenario[] = SCENARIOS): Promise<FloodMeasurement> {
  const results: ScenarioResult[] = [];
  for (const scenario of scenarios) {
    results.push(await withServer((context) => measureScenario(context, scenario)));
  }
  return { scenarios: results, shutdown: await withServer(measureShutdown) };
}

interface Context {
  readonly server: ServerProcess;
  readonly generator: Child;
  readonly capacity: number;
  readonly plan: FloodPlan;
  readonly takeCondition: () => Promise<Condition>;
}

async function withServer<T>(measure: (context: Context) => Promise<T>): Promise<T> {
  const upstreams = await startUpstreamProcess("stub");
  const generator = startChild(join(__dirname, "generator-process.js"));
  let server: ServerProcess | undefined;
  try {
    await upstreams.setLatencies({ PDS: UPSTREAM_MS, SDS: UPSTREAM_MS, SSP: UPSTREAM_MS, VM: UPSTREAM_MS });
    server = await startServerProcess({
      AUDIT_FILE: join(outputFolder(), "audit.ndjson"),
      PDS_URL: upstreams.urls.pds,
      SDS_URL: upstreams.urls.sds,
      SSP_URL: upstreams.urls.ssp,
    });
    const basic = {
      port: Number(new URL(server.base).port),
      connections: CAPACITY_CLIENTS,
      patients: nhsNumbers(PATIENTS),
    };
    await generator.call("measureCapacity", { ...basic, name: "warm-up", seconds: WARM_UP_SECONDS });
    const capacity = await generator.call<number>("measureCapacity", {
      ...basic,
      name: "capacity",
      seconds: CAPACITY_SECONDS,
    });
    const plan: FloodPlan = {
      ...basic,
      name: "flood",
      seconds: FLOOD_SECONDS,
      perSecond: Math.round(capacity * FACTOR),
      maxConnections: MAX_CONNECTIONS,
    };
    return await measure({
      ...{ server, generator, capacity, plan },
      takeCondition: () => upstreams.takeCondition(),
    });
  } finally {
    server?.child.kill("SIGKILL");
    await generator.stop();
    await upstreams.close();
  }
}

async function measureScenario(context: Context, scenario: Scenario): Promise<ScenarioResult> {
  const { server, generator, capacity, plan, takeCondition } = context;
  await takeCondition();
  const beforeMiB = memoryOf(server.child).rssMiB;
  const cpuBefore = cpuSecondsOf(server.child);
  const { connections, maxConnections } = scenario;
  const result = await generator.call<FloodResult>("flood", { ...plan, connections, maxConnections });
  const serverCpuSeconds = cpuSecondsOf(server.child) - cpuBefore;
  await pause(REST_MS);
  const { rssMiB, peakMiB } = memoryOf(server.child);
  const upstreams = await takeCondition();
  return {
    ...{
      scenario,
      capacity,
      flood: result,
      beforeMiB,
      peakMiB,
      afterMiB: rssMiB,
      serverCpuSeconds,
      upstreams,
    },
  };
}

async function measureShutdown({ server, generator, plan }: Context): Promise<ShutdownResult> {
  const { child } = server;
  const flooding = generator.call<FloodResult>("flood", {
    ...plan,
    connections: 1_000,
    maxConnections: 1_000,
  });
  // A generator without a server ends too; its result says nothing here.
  flooding.catch(() => undefined);
  await pause((FLOOD_SECONDS * 1_000) / 2);
  const exited = once(child, "exit");
  const begunAt = performance.now();
  child.kill("SIGTERM");
  await exited;
  return { ms: performance.now() - begunAt, exitCode: child.exitCode };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
