import { describeCondition } from "../calls/calls.bench.js";
import { load } from "../kit/machine.js";
import { type Report, table } from "../kit/report.js";
import type { Target } from "../kit/target.js";
import type { FloodResult } from "./generator.js";
import {
  CAPACITY_CLIENTS,
  FACTOR,
  FLOOD_SECONDS,
  measureFlood,
  type ScenarioResult,
  type ShutdownResult,
  UPSTREAM_MS,
} from "./measure-flood.js";

const DEADLINE_MS = 20_000;
const REFUSED_MS = 100;
/** The bound of memory during a flood, with the default settings. */
const MAX_RSS_MIB = 640;
/** What must be free again after 30 seconds: the rise over the state before, at most. */
const MAX_RISE_MIB = 150;
const SHUTDOWN_MS = 30_000;

/** Ten times as many requests as the server can execute. */
export async function benchFlood(): Promise<Report> {
  const loadBefore = load();
  const { scenarios, shutdown } = await measureFlood();
  return {
    name: "flood",
    title: `${FACTOR} times the capacity`,
    loadBefore,
    method: [
      `The server, its upstreams and the generator have a process each. Each scenario has a new server with default settings. One request reads one patient in a new session: one call, which the upstream responds to after ${UPSTREAM_MS} ms.`,
      `Capacity: ${CAPACITY_CLIENTS} clients that send their next request after each response, after a warm-up, in the same server just before the flood. Flood: ${FLOOD_SECONDS} s at ${FACTOR} times that rate, evenly spaced, whether or not earlier responses have arrived. Times are from when a request was due. Bare sockets, one request at a time on each.`,
      "The generator's lateness, from due to written, shows whether it kept the rate. A refusal is 503 with Retry-After. Memory is read from /proc.",
    ],
    results: [
      table(
        [
          "Scenario",
          "Capacity/s",
          "Sent",
          "Admitted",
          "p50 / p99 ms",
          "Refused",
          "p50 / p99 ms",
          "p99 from write",
        ],
        scenarios.map(responseRow),
      ),
      table(
        [
          "Scenario",
          "RSS before",
          "Peak",
          "After 30 s, MiB",
          "Closed",
          "Unsent",
          "No response",
          "Other status",
        ],
        scenarios.map(memoryRow),
      ),
      table(
        ["Scenario", "Lateness p50 / p99 ms", "Loop p99 ms", "Generator CPU", "Server CPU", "Connections"],
        scenarios.map(generatorRow),
      ),
      `SIGTERM in the middle of a flood with 1,000 connections: ended after ${shutdown.ms.toFixed(0)} ms with code ${shutdown.exitCode}.`,
      ...scenarios.map(({ scenario, upstreams }) => `${scenario.name}: ${describeCondition(upstreams)}`),
    ],
    targets: [...scenarios.flatMap(targetsOf), shutdownTarget(shutdown)],
  };
}

function responseRow({ scenario, capacity, flood }: ScenarioResult): string[] {
  return [
    scenario.name,
    capacity.toFixed(0),
    String(flood.latenessMs.length),
    String(flood.admittedMs.length),
    both(flood.admittedMs),
    String(flood.refusedMs.length),
    both(flood.refusedMs),
    percentile(flood.refusedFromWriteMs, 0.99).toFixed(0),
  ];
}

function memoryRow({ scenario, beforeMiB, peakMiB, afterMiB, flood }: ScenarioResult): string[] {
  const memory = [beforeMiB, peakMiB, afterMiB].map((value) => value.toFixed(0));
  const counts = [flood.closed, flood.unsent, flood.open].map(String);
  return [scenario.name, ...memory, ...counts, othersOf(flood)];
}

function othersOf({ others }: FloodResult): string {
  const words = Object.entries(others).map(([status, count]) => `${status}: ${count}`);
  return words.join(", ") || "none";
}

function generatorRow({ scenario, flood, serverCpuSeconds }: ScenarioResult): string[] {
  const share = (seconds: number) => `${((100 * seconds) / FLOOD_SECONDS).toFixed(0)} %`;
  return [
    scenario.name,
    both(flood.latenessMs),
    flood.loopDelayP99Ms.toFixed(1),
    share(flood.cpuSeconds),
    share(serverCpuSeconds),
    String(flood.mostConnections),
  ];
}

function targetsOf({ scenario, flood, beforeMiB, peakMiB, afterMiB }: ScenarioResult): Target[] {
  const of = (what: string) => `${what}, ${scenario.name}`;
  return [
    target(of("admitted, p99"), DEADLINE_MS, percentile(flood.admittedMs, 0.99), "ms"),
    target(of("refused, p99"), REFUSED_MS, percentile(flood.refusedMs, 0.99), "ms"),
    target(of("peak RSS in MiB"), MAX_RSS_MIB, peakMiB, ""),
    target(of("RSS over the state before after 30 s in MiB"), MAX_RISE_MIB, afterMiB - beforeMiB, ""),
  ];
}

function shutdownTarget({ ms }: ShutdownResult): Target {
  return target("SIGTERM to exit", SHUTDOWN_MS, ms, "ms");
}

/** The machine's share is in the number: none is subtracted. */
function target(what: string, atMost: number, measured: number, unit: Target["unit"]): Target {
  return { what, atMost, measured, noise: 0, unit };
}

function both(values: readonly number[]): string {
  return `${percentile(values, 0.5).toFixed(0)} / ${percentile(values, 0.99).toFixed(0)}`;
}

/** Nearest rank; NaN without values, which meets no target. */
function percentile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
