import { describeCondition } from "../calls/calls.bench.js";
import { withDirectory } from "../calls/over-ldap.js";
import { load } from "../kit/machine.js";
import { inShort, type Report, table } from "../kit/report.js";
import { spread, summarise } from "../kit/statistics.js";
import type { Target } from "../kit/target.js";
import { SLOTS_A_WINDOW } from "../upstreams/practice-responses.js";
import { startUpstreamProcess } from "../upstreams/upstream-process.js";
import {
  CONCURRENCY,
  measurePractices,
  NAIVE_PRACTICES,
  PRACTICES,
  type PracticesOptions,
  type PracticesResult,
  WEEKS,
} from "./measure-practices.js";

const LATENCY_MS = 70;
const RUNS = 12;
const WARM_UPS = 5;
const MAX_MS = 2_000;
const WINDOWS = WEEKS / 2;

/** All slots of a hub in one operation. */
export async function benchPractices(runs = RUNS): Promise<Report> {
  const loadBefore = load();
  const upstreams = await startUpstreamProcess("stub");
  try {
    const options: PracticesOptions = {
      upstreams,
      latencyMs: LATENCY_MS,
      runs,
      warmUps: WARM_UPS,
      withNaive: true,
    };
    const fhir = await measurePractices(options);
    const ldap = await withDirectory(
      upstreams,
      (sdsUrl) => measurePractices({ ...options, sdsUrl, withNaive: false }),
      PRACTICES,
    );
    const both = [["FHIR", fhir] as const, ...(ldap ? [["LDAP", ldap] as const] : [])];
    return {
      name: "practices",
      title: `${PRACTICES} practices, ${WEEKS} weeks, one operation`,
      loadBefore,
      method: method(runs),
      results: [
        table(
          ["Directory, selection", "Calls", "Response, MB", "Ours, ms", "CPU, ms"],
          both.flatMap(([protocol, result]) => rows(protocol, result)),
        ),
        ...(ldap ? [] : ["Over LDAP: not measured, because slapd is not on the PATH."]),
        naiveWords(fhir),
        ...both.map(([protocol, result]) => describeUpstreams(protocol, result)),
      ],
      targets: both.flatMap(([protocol, result]) => targets(protocol, result)),
    };
  } finally {
    await upstreams.close();
  }
}

function method(runs: number): string[] {
  const batches = Math.ceil((PRACTICES * WINDOWS) / CONCURRENCY) * LATENCY_MS;
  return [
    `Every upstream responds after ${LATENCY_MS} ms, with ${SLOTS_A_WINDOW} slots per window, in a process of its own; slapd has a third one. The server runs in the measuring process with the default settings (${CONCURRENCY} concurrent calls through the proxy, 8 to a practice), writes log and audit to files, and receives the requests over HTTP. Each run has a new session and an empty cache.`,
    `${runs} runs of each after ${WARM_UPS} unmeasured ones without latency, alternating. Times are p50 / p95 (min to max), from the request to the end of the response.`,
    `The concurrency sets a lower bound: ${PRACTICES * WINDOWS} slot searches, ${CONCURRENCY} at a time, ${LATENCY_MS} ms each, take ${batches} ms, after a look-up.`,
    `The naive sequence, one call after another with the clients of the product, is measured for ${NAIVE_PRACTICES} practices in the same runs.`,
  ];
}

function rows(protocol: string, { measured }: PracticesResult): string[][] {
  return measured.map(({ selection, ms, cpuMs, calls, bytes }) => [
    `${protocol}, ${selection}`,
    String(calls),
    (bytes / 1e6).toFixed(1),
    inShort(summarise(ms)),
    inShort(summarise(cpuMs)),
  ]);
}

function naiveWords({ naiveMs, measured }: PracticesResult): string {
  const naive = summarise(naiveMs);
  const whole = (naive.p50 / NAIVE_PRACTICES) * PRACTICES;
  const ours = measured[0] ? summarise(measured[0].ms).p50 : Number.NaN;
  return `Naive, ${NAIVE_PRACTICES} practices: ${inShort(naive)} ms. For ${PRACTICES} that makes ${(whole / 1000).toFixed(0)} s by calculation, ${(whole / ours).toFixed(0)} times ours.`;
}

/** Shows that the upstreams are not the bottleneck of the measurement. */
function describeUpstreams(protocol: string, { excessMs, bareMs, condition }: PracticesResult): string {
  const one = `a bare request between the runs took ${inShort(summarise(excessMs), 1)} ms more than the set latency`;
  const all = `the ${PRACTICES * WINDOWS} slot searches alone, by a bare HTTP client, ${CONCURRENCY} at a time, in the same runs, took ${inShort(summarise(bareMs))} ms`;
  return `Upstreams, ${protocol}: ${one}; ${all}. ${describeCondition(condition)}`;
}

/** The noise is the spread of the bare searches, which are as many and take about as long. */
function targets(protocol: string, { measured, bareMs }: PracticesResult): Target[] {
  return measured.map(({ selection, ms }) => ({
    what: `p95 over ${protocol}, ${selection}`,
    atMost: MAX_MS,
    measured: summarise(ms).p95,
    noise: spread(summarise(bareMs)),
    unit: "ms",
  }));
}
