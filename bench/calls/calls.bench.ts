import { load } from "../kit/machine.js";
import { inShort, type Report, table } from "../kit/report.js";
import { summarise } from "../kit/statistics.js";
import { startUpstreamProcess } from "../upstreams/upstream-process.js";
import type { Condition, Latencies } from "../upstreams/upstreams.js";
import { CASES } from "./cases.js";
import { compareWithMinimum, type Line, type Score, targetsOf } from "./compare-with-minimum.js";
import { casesOverLdap, withDirectory } from "./over-ldap.js";
import { type CallsOptions, type CallsResult, runCalls } from "./run-calls.js";

/** Similar to the live services. The practice behind the proxy is the slowest. */
export const LATENCIES: Latencies = { PDS: 120, SDS: 90, SSP: 400, VM: 150 };

const RUNS = 11;
const WARM_UPS = 20;

/** Every line of design section 5: calls against the minimum, time against the critical path. */
export async function benchCalls(runs = RUNS): Promise<Report> {
  const loadBefore = load();
  const upstreams = await startUpstreamProcess("stub");
  try {
    const options: CallsOptions = { upstreams, latencies: LATENCIES, cases: CASES, runs, warmUps: WARM_UPS };
    const fhir = await runCalls(options);
    const ldap = await withDirectory(upstreams, (sdsUrl) =>
      runCalls({ ...options, sdsUrl, cases: casesOverLdap(CASES) }),
    );
    const lines = compareWithMinimum(fhir, LATENCIES);
    const ldapLines = ldap && compareWithMinimum(ldap, LATENCIES);
    return {
      name: "calls",
      title: "Calls and time against the minimum",
      loadBefore,
      method: method(runs),
      results: [
        lineTable(lines),
        ...(ldapLines
          ? ["With the directory over LDAP (OpenLDAP behind a delayed connection):", lineTable(ldapLines)]
          : []),
        ...(ldapLines ? [] : ["Over LDAP: not measured, reason slapd is not on the PATH."]),
        describeUpstreams(fhir),
        "Why each minimum is the minimum:",
        reasons(lines),
      ],
      targets: [
        ...targetsOf(lines, fhir.excessMs, "FHIR"),
        ...(ldap && ldapLines ? targetsOf(ldapLines, ldap.excessMs, "LDAP") : []),
      ],
    };
  } finally {
    await upstreams.close();
  }
}

function method(runs: number): string[] {
  const { PDS, SDS, SSP, VM } = LATENCIES;
  return [
    `Every upstream responds after a fixed latency: PDS ${PDS} ms, SDS ${SDS} ms, a practice through SSP ${SSP} ms, V&M ${VM} ms. The upstreams have their own process. The server runs in the measuring process, writes its log, audit and intents to files, and receives the requests over HTTP on kept connections.`,
    `${runs} runs after ${WARM_UPS} unmeasured runs without latency; within each run ours and the naive sequence alternate, and their order changes. "Cold": a new session at a server without a cache for the deployment. "Again": the second time in one session, with the default settings. Calls are counted where they arrive.`,
    "Time is measured in milliseconds from the request to the end of the response: p50 / p95 (min to max). Its ratio is p50 divided by the critical path of the set latencies, so timers, sockets, GraphQL and the work of the upstreams all count against us.",
    "The naive sequence makes the same requests with the clients of the product, one after another. It has no cache and shares nothing between aliases or patients. It needs no HTTP and no GraphQL, its directory client sends Endpoint and Device in parallel, and it repeats no request for one patient.",
  ];
}

function lineTable(lines: readonly Line[]): string {
  const rows = lines.map(({ name, session, minimumCalls, pathMs, ours, naive }) => [
    `${name}, ${session}`,
    String(minimumCalls),
    calls(ours),
    calls(naive),
    String(pathMs),
    inShort(ours.time),
    ratio(ours.timeRatio),
    inShort(naive.time),
    ratio(naive.timeRatio),
  ]);
  const head = [
    "Query",
    "Minimum calls",
    "Ours",
    "Naive",
    "Critical path",
    "Ours, ms",
    "Ratio",
    "Naive, ms",
    "Ratio",
  ];
  return table(head, rows);
}

function calls({ calls: made, callsRatio }: Score): string {
  return callsRatio === undefined ? String(made) : `${made} (${callsRatio.toFixed(2)})`;
}

function ratio(value: number | undefined): string {
  return value === undefined ? "–" : value.toFixed(3);
}

/** Shows that the upstreams are not the bottleneck of the measurement. */
function describeUpstreams({ excessMs, condition }: CallsResult): string {
  return `Upstreams: a bare request to PDS took ${inShort(summarise(excessMs), 1)} ms more than the set latency. ${describeCondition(condition)}`;
}

/** How busy and how punctual the upstream process was. */
export function describeCondition({ busy, requests, lateness }: Condition): string {
  const late = lateness ? `, and its responses were ${inShort(lateness, 1)} ms late` : "";
  return `The upstream process received ${requests} requests and was busy ${(busy * 100).toFixed(0)} % of the time${late}.`;
}

function reasons(lines: readonly Line[]): string {
  return lines
    .map(
      ({ name, session, minimumCalls, reason }) =>
        `- ${name}, ${session}: ${minimumCalls}, because ${reason}.`,
    )
    .join("\n");
}
