import { describeCondition, LATENCIES } from "../calls/calls.bench.js";
import type { Sample } from "../calls/measure-case.js";
import { load } from "../kit/machine.js";
import { inShort, type Report, table } from "../kit/report.js";
import { type Summary, spread, summarise } from "../kit/statistics.js";
import { startUpstreamProcess } from "../upstreams/upstream-process.js";
import { AT_ONCE, type Latencies, total } from "../upstreams/upstreams.js";
import { type CardResult, measureCard } from "./measure-card.js";
import { measureMemory, measureStarts } from "./process-facts.js";

const RUNS = 25;
const WARM_UPS = 30;
const STARTS = 9;
const MOST_START_MS = 3_000;
const PROCESSES = 3;
const IDLE_MS = 10_000;

/** The query of the card over the sandbox, the start-up time and the memory at rest. */
export async function benchCard(runs = RUNS): Promise<Report> {
  const loadBefore = load();
  const starts = summarise(await measureStarts(STARTS));
  const memory = [
    await measureMemory({ withSandbox: true, processes: PROCESSES, idleMs: IDLE_MS }),
    await measureMemory({ withSandbox: false, processes: PROCESSES, idleMs: IDLE_MS }),
  ].map((rss) => summarise(rss));
  const upstreams = await startUpstreamProcess("sandbox");
  try {
    const measure = (latencies: Latencies) => measureCard({ upstreams, latencies, runs, warmUps: WARM_UPS });
    const bare = await measure(AT_ONCE);
    const slow = await measure(LATENCIES);
    return {
      name: "card",
      title: "The card, over the sandbox",
      loadBefore,
      method: method(runs),
      results: [
        "No latency added, so this is what the program and the sandbox themselves take:",
        cardTable(bare),
        describeUpstreams(bare),
        latencyWords(),
        cardTable(slow),
        describeUpstreams(slow),
        processTable(starts, memory),
      ],
      targets: [
        {
          what: "start, p50",
          atMost: MOST_START_MS,
          measured: starts.p50,
          noise: spread(starts),
          unit: "ms",
        },
      ],
    };
  } finally {
    await upstreams.close();
  }
}

function method(runs: number): string[] {
  return [
    "The example operation 03-card for patient 9000000009. The sandbox runs in a process of its own with all its checks. The server runs in the measuring process, writes log, audit and intents to files, and receives the requests over HTTP on kept connections.",
    `${runs} runs of each after ${WARM_UPS} unmeasured ones; ours and the naive sequence alternate. Times are p50 / p95 (min to max) in milliseconds, from the request to the end of the response. The naive sequence makes the calls of the card one after another with the clients of the product, without HTTP and GraphQL.`,
    `Start: from the start of the process (as \`npm start\` starts it, with the sandbox) to status 200 from /health/ready, ${STARTS} times after one unmeasured start. Memory: resident, ${PROCESSES} processes, 5 samples of each from ${IDLE_MS / 1000} s after readiness on, without requests.`,
  ];
}

function latencyWords(): string {
  const { PDS, SDS, SSP, VM } = LATENCIES;
  return `With PDS at ${PDS} ms, SDS at ${SDS} ms, SSP at ${SSP} ms, V&M at ${VM} ms; the critical path is ${PDS + SDS + SSP} ms cold and ${SSP} ms in the same session:`;
}

function cardTable({ cold, newSession, sameSession, naive }: CardResult): string {
  const slowest = timeOf(naive).p50;
  const row = (name: string, samples: readonly Sample[]) => {
    const time = timeOf(samples);
    const most = Math.max(...samples.map(({ calls }) => total(calls)));
    return [name, String(most), inShort(time, 1), (time.p50 / slowest).toFixed(2)];
  };
  return table(
    ["", "Calls", "ms", "Against naive"],
    [
      row("Ours, nothing cached", cold),
      row("Ours, new session", newSession),
      row("Ours, same session", sameSession),
      row("Naive sequence", naive),
    ],
  );
}

function timeOf(samples: readonly Sample[]): Summary {
  return summarise(samples.map(({ ms }) => ms));
}

function describeUpstreams({ excessMs, condition }: CardResult): string {
  return `A bare request to the sandbox's PDS took ${inShort(summarise(excessMs), 1)} ms more than the set latency. ${describeCondition(condition)}`;
}

function processTable(starts: Summary, [withSandbox, alone]: readonly Summary[]): string {
  return table(
    ["Process", "p50 / p95 (min to max)"],
    [
      ["Start to ready, ms", inShort(starts)],
      ["Idle memory with the sandbox, MiB", withSandbox ? inShort(withSandbox) : "–"],
      ["Idle memory of the graph alone, MiB", alone ? inShort(alone) : "–"],
    ],
  );
}
