import { told } from "../calls/calls.bench.js";
import { withDirectory } from "../calls/over-ldap.js";
import { load } from "../kit/machine.js";
import { inShort, type Report, table } from "../kit/report.js";
import { spread, summarise } from "../kit/statistics.js";
import type { Target } from "../kit/target.js";
import { SLOTS_A_WINDOW } from "../upstreams/practice-answers.js";
import { startUpstreamProcess } from "../upstreams/upstream-process.js";
import {
  measurePractices,
  NAIVE_PRACTICES,
  PRACTICES,
  type PracticesOptions,
  type PracticesResult,
  WEEKS,
  WIDTH,
} from "./measure-practices.js";

const LATENCY_MS = 70;
const RUNS = 12;
const WARM_UPS = 5;
const MOST_MS = 2_000;
const WINDOWS = WEEKS / 2;

/** A hub's whole horizon in one operation. */
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
          ["Directory, selection", "Calls", "Answer, MB", "Ours, ms", "CPU, ms"],
          both.flatMap(([protocol, result]) => rows(protocol, result)),
        ),
        ...(ldap ? [] : ["Over LDAP: not measured, there is no slapd on the PATH."]),
        naiveWords(fhir),
        ...both.map(([protocol, result]) => farSide(protocol, result)),
      ],
      targets: both.flatMap(([protocol, result]) => targets(protocol, result)),
    };
  } finally {
    await upstreams.close();
  }
}

function method(runs: number): string[] {
  const waves = Math.ceil((PRACTICES * WINDOWS) / WIDTH) * LATENCY_MS;
  return [
    `Every upstream answers after ${LATENCY_MS} ms, with ${SLOTS_A_WINDOW} slots a window, and runs in a process of its own, slapd in a third. The server runs in this one with the settings of every day (${WIDTH} calls at once through the proxy, 8 to a practice), log and audit written to files, and is asked over HTTP. Each run is a new session, with nothing kept.`,
    `${runs} runs of each after ${WARM_UPS} unmeasured ones at no latency, all in turn. Times are p50 / p95 (min to max), from the request to the whole answer read.`,
    `The width alone sets a floor: ${PRACTICES * WINDOWS} slot searches, ${WIDTH} at once, ${LATENCY_MS} ms each, take ${waves} ms, and a look-up stands before the first.`,
    `The naive sequence, one call after another with the product's own clients, is measured for ${NAIVE_PRACTICES} practices in the same runs.`,
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

/** How we know that the far side is not what is measured. */
function farSide(protocol: string, { beyond, bareMs, condition }: PracticesResult): string {
  const one = `a bare request between the runs took ${inShort(summarise(beyond), 1)} ms beyond the set latency`;
  const all = `the ${PRACTICES * WINDOWS} slot searches alone, by a bare HTTP client ${WIDTH} at once in the same runs, took ${inShort(summarise(bareMs))} ms`;
  return `The far side, ${protocol}: ${one}; ${all}. ${told(condition)}`;
}

/** The noise is how much the bare searches vary, which are as many and take about as long. */
function targets(protocol: string, { measured, bareMs }: PracticesResult): Target[] {
  return measured.map(({ selection, ms }) => ({
    what: `p95 over ${protocol}, ${selection}`,
    atMost: MOST_MS,
    measured: summarise(ms).p95,
    noise: spread(summarise(bareMs)),
    unit: "ms",
  }));
}
