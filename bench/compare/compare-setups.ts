import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { type Child, end, startChild } from "../kit/child.js";
import { table } from "../kit/report.js";
import { outputFolder } from "../kit/repository.js";
import { cpuSecondsOf, type ServerProcess, startServerProcess } from "../kit/server-process.js";
import { describeFailures, type LoadPlan, type LoadResult } from "./load.js";
import type { Scenario } from "./scenarios.js";

const SECONDS = 5;
const CONNECTIONS = 32;

/** One way to run the server. */
export interface Setup {
  readonly name: string;
  /** Setups with the same object share one process. */
  readonly environment: Readonly<Record<string, string>>;
  /** A header of every request. */
  readonly traceParent?: string;
}

interface Round {
  readonly perSecond: number;
  readonly cpuMs: number;
  readonly p99: number;
  /** Cores in use meanwhile, by the server and by everything else on the machine. */
  readonly serverCores: number;
  readonly otherCores: number;
}

/** How the setups were measured, for a report. */
export const methodOf = (rounds: number): string =>
  `${CONNECTIONS} connections that each send their next request when the response has arrived, ${SECONDS} s a round, one round to warm up, then the median of ${rounds} rounds in turn. Processor time is that of all processes of the server. The generator and the stand-in of Spine run on the same ${cpus().length} processors: the last two columns say how many were in use by the server and by everything else.`;

/** Puts the same load on each setup in turn. @returns a table for each scenario. */
export async function compareSetups(
  setups: readonly Setup[],
  scenarios: readonly Scenario[],
  rounds: number,
): Promise<string[]> {
  const standIn = startChild(join(__dirname, "stand-in-process.js"));
  const generator = startChild(join(__dirname, "load-process.js"));
  const servers = new Map<Setup["environment"], ServerProcess>();
  const running: { setup: Setup; server: ServerProcess; next: number; rounds: Round[] }[] = [];
  try {
    const { pds, sds, ssp } = await standIn.call<{ pds: string; sds: string; ssp: string }>("urls");
    const urls = {
      PDS_URL: pds,
      SDS_URL: sds,
      SSP_URL: ssp,
      AUDIT_FILE: join(outputFolder(), "audit.ndjson"),
    };
    for (const setup of setups) {
      const { environment } = setup;
      const server = servers.get(environment) ?? (await startServerProcess({ ...urls, ...environment }));
      servers.set(environment, server);
      running.push({ setup, server, next: 0, rounds: [] });
    }
    const results: string[] = [];
    for (const scenario of scenarios) {
      await standIn.call("setSlots", scenario.slots);
      // The first round warms up.
      for (let round = 0; round <= rounds; round += 1) {
        for (const one of running) {
          const { measured, responses } = await measure(generator, one, scenario);
          one.next += responses;
          if (round > 0) one.rounds.push(measured);
        }
      }
      results.push(toTable(scenario, running));
      process.stderr.write(`${results.at(-1)}\n\n`);
      for (const one of running) one.rounds.length = 0;
    }
    return results;
  } finally {
    await Promise.all([
      ...[...servers.values()].map(({ child }) => end(child)),
      standIn.stop(),
      generator.stop(),
    ]);
  }
}

async function measure(
  generator: Child,
  { setup, server, next }: { setup: Setup; server: ServerProcess; next: number },
  scenario: Scenario,
): Promise<{ readonly measured: Round; readonly responses: number }> {
  const plan: LoadPlan = {
    port: Number(new URL(server.base).port),
    path: "/graphql",
    requests: scenario.graphql.map((request) => ({ ...request, traceParent: setup.traceParent })),
    firstRequest: next,
    connections: CONNECTIONS,
    seconds: SECONDS,
  };
  const before = { server: serverSeconds(server), machine: busySeconds() };
  const result = await generator.call<LoadResult>("sendLoad", plan);
  const used = serverSeconds(server) - before.server;
  const busy = busySeconds() - before.machine;
  if (result.failures > 0 || result.responses === 0) {
    throw new Error(`${scenario.name}: ${describeFailures(result)} of ${result.responses} failed`);
  }
  return {
    responses: result.responses,
    measured: {
      perSecond: result.responses / result.seconds,
      cpuMs: (used * 1000) / result.responses,
      p99: result.ms.p99,
      serverCores: used / result.seconds,
      otherCores: (busy - used) / result.seconds,
    },
  };
}

/** Of the process and of its workers. */
function serverSeconds({ child }: ServerProcess): number {
  const workers = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, "utf8").trim().split(" ");
  const pids = [child.pid, ...workers.filter((pid) => pid !== "").map(Number)];
  return pids.reduce<number>((sum, pid) => sum + cpuSecondsOf({ pid }), 0);
}

/** Processor seconds that the machine has spent on anything. */
function busySeconds(): number {
  return cpus().reduce((sum, { times }) => sum + (times.user + times.nice + times.sys + times.irq) / 1000, 0);
}

function toTable(scenario: Scenario, running: readonly { setup: Setup; rounds: readonly Round[] }[]): string {
  const median = (rounds: readonly Round[], read: (round: Round) => number) => {
    const sorted = rounds.map(read).sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  };
  const rows = running.map(({ setup, rounds }) => [
    setup.name,
    median(rounds, ({ perSecond }) => perSecond).toFixed(0),
    median(rounds, ({ cpuMs }) => cpuMs).toFixed(2),
    median(rounds, ({ p99 }) => p99).toFixed(0),
    median(rounds, ({ serverCores }) => serverCores).toFixed(2),
    median(rounds, ({ otherCores }) => otherCores).toFixed(2),
  ]);
  const head = [scenario.title, "requests / s", "CPU ms / request", "p99 ms", "cores, server", "cores, rest"];
  return table(head, rows);
}
