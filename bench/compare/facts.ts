import type { UpstreamUrls } from "../../src/server/dependencies.js";
import { measureMemory, measureStarts } from "../card/process-facts.js";
import { table } from "../kit/report.js";
import { type Summary, summarise } from "../kit/statistics.js";
import type { Target } from "../kit/target.js";
import { OURS, startContender } from "./contender.js";
import { type CurvePoint, measureEntityCurve } from "./entity-curve.js";
import type { Bench } from "./measure.js";
import { measureOpenLoop, type OpenLoopResult, openLoopTables } from "./open-loop.js";
import { cpuOf } from "./report-tables.js";
import { measureWaitingMemory, OPERATIONS, type WaitingMemory } from "./waiting-memory.js";

const STARTS = 3;
const IDLE_MS = 5_000;
const MAX_START_MS = 1_000;
const MAX_IDLE_MIB = 150;
const MAX_WAITING_KIB = 50;
const MAX_RISE = 1.2;
const MEMORY = ["heapMiB", "externalMiB", "rssMiB"] as const;

/** What is measured once in a run, beside the scenarios. */
export interface Facts {
  readonly openLoop: readonly OpenLoopResult[];
  readonly curve: readonly CurvePoint[];
  readonly waiting: WaitingMemory;
  readonly startMs: Summary;
  /** Processor time from the start of the process until it listens, with the sandbox. */
  readonly startCpuMs: Summary;
  /** With the sandbox. */
  readonly idleMiB: Summary;
}

export async function measureFacts(bench: Bench, urls: UpstreamUrls): Promise<Facts> {
  const [ours] = bench.contenders;
  if (ours === undefined) throw new Error("no service is running");
  return {
    startMs: summarise(await measureStarts(STARTS)),
    startCpuMs: summarise(await measureStartCpu()),
    idleMiB: summarise(await measureMemory({ withSandbox: true, processes: 1, idleMs: IDLE_MS })),
    openLoop: await measureOpenLoop(bench),
    curve: await measureEntityCurve(bench, ours),
    waiting: await measureWaitingMemory(urls, bench.standIn, bench.generator),
  };
}

async function measureStartCpu(): Promise<number[]> {
  const results: number[] = [];
  for (let index = 0; index < STARTS; index += 1) {
    const server = await startContender(OURS, undefined);
    results.push((await server.probe()).cpuMs);
    await server.stop();
  }
  return results;
}

export function factTables({ openLoop, curve, waiting, startMs, startCpuMs, idleMiB }: Facts): string[] {
  return [
    ...openLoopTables(openLoop),
    "### Cost of `_entities` by their number",
    "The cost of one more is the difference between two lines, divided by the entities between them. It leaves out what each request costs whatever it selects.",
    table(
      ["Entities", "From the session, CPU ms", "Of one more, µs", "Each fetched, CPU ms", "Of one more, µs"],
      curve.map((point, index) => [
        String(point.count),
        cpuOf(point.fromSession).p50.toFixed(2),
        inMicroseconds(ofOneMore(curve, index, "fromSession")),
        cpuOf(point.fetched).p50.toFixed(2),
        inMicroseconds(ofOneMore(curve, index, "fetched")),
      ]),
    ),
    "### Memory",
    table(
      ["", "Heap MiB", "Outside the heap MiB", "RSS MiB"],
      [
        ["Before", ...MEMORY.map((kind) => waiting.before[kind].toFixed(0))],
        [
          `${waiting.waiting} operations waiting for a call`,
          ...MEMORY.map((kind) => waiting.during[kind].toFixed(0)),
        ],
        ["Of one operation, KiB", ...MEMORY.map((kind) => ofOneWaiting(waiting, kind).toFixed(1))],
      ],
    ),
    `Start to ready: ${startMs.p50.toFixed(0)} ms (${startMs.min.toFixed(0)} to ${startMs.max.toFixed(0)}), of which ${startCpuMs.p50.toFixed(0)} ms are processor time. Idle with the sandbox: ${idleMiB.p50.toFixed(0)} MiB resident. ${waiting.failures} of the ${OPERATIONS} waiting operations failed.`,
  ];
}

export function factTargets({ curve, waiting, startMs, idleMiB }: Facts): Target[] {
  return [
    target("one more of 1,000 entities ÷ of 100, from the session", MAX_RISE, rise(curve, "fromSession")),
    target("one more of 1,000 entities ÷ of 100, each fetched", MAX_RISE, rise(curve, "fetched")),
    target(
      `KiB of RSS for each of ${waiting.waiting} waiting operations`,
      MAX_WAITING_KIB,
      ofOneWaiting(waiting, "rssMiB"),
    ),
    { ...target("start to ready", MAX_START_MS, startMs.p50), noise: startMs.max - startMs.min, unit: "ms" },
    target("MiB resident when idle with the sandbox", MAX_IDLE_MIB, idleMiB.p50),
  ];
}

function target(what: string, atMost: number, measured: number): Target {
  return { what, atMost, measured, noise: 0, unit: "" };
}

function rise(curve: readonly CurvePoint[], kind: "fromSession" | "fetched"): number {
  const last = curve.length - 1;
  return ofOneMore(curve, last, kind) / ofOneMore(curve, last - 1, kind);
}

/** Milliseconds between a point and the one before. NaN for the first. */
function ofOneMore(curve: readonly CurvePoint[], index: number, kind: "fromSession" | "fetched"): number {
  const [before, point] = [curve[index - 1], curve[index]];
  if (!before || !point) return Number.NaN;
  return (cpuOf(point[kind]).p50 - cpuOf(before[kind]).p50) / (point.count - before.count);
}

function inMicroseconds(ms: number): string {
  return Number.isNaN(ms) ? "–" : (ms * 1000).toFixed(0);
}

function ofOneWaiting({ before, during, waiting }: WaitingMemory, kind: (typeof MEMORY)[number]): number {
  return ((during[kind] - before[kind]) * 1024) / waiting;
}
