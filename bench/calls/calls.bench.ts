import { load } from "../kit/machine.js";
import { inShort, type Report, table } from "../kit/report.js";
import { summarise } from "../kit/statistics.js";
import { startUpstreamProcess } from "../upstreams/upstream-process.js";
import type { Condition, Latencies } from "../upstreams/upstreams.js";
import { CASES } from "./cases.js";
import { judge, type Line, type Score, targetsOf } from "./judge.js";
import { casesOverLdap, withDirectory } from "./over-ldap.js";
import { type CallsOptions, type CallsResult, runCalls } from "./run-calls.js";

/** Of the order of what the live services take; the practice, behind the proxy, is by far the slowest. */
export const LATENCIES: Latencies = { PDS: 120, SDS: 90, SSP: 400, VM: 150 };

const RUNS = 11;
const WARM_UPS = 20;

/** Every line of design section 5: calls against the least possible, time against the longest chain. */
export async function benchCalls(runs = RUNS): Promise<Report> {
  const loadBefore = load();
  const upstreams = await startUpstreamProcess("stub");
  try {
    const options: CallsOptions = { upstreams, latencies: LATENCIES, cases: CASES, runs, warmUps: WARM_UPS };
    const fhir = await runCalls(options);
    const ldap = await withDirectory(upstreams, (sdsUrl) =>
      runCalls({ ...options, sdsUrl, cases: casesOverLdap(CASES) }),
    );
    const lines = judge(fhir, LATENCIES);
    const ldapLines = ldap && judge(ldap, LATENCIES);
    return {
      name: "calls",
      title: "Calls and time against the least possible",
      loadBefore,
      method: method(runs),
      results: [
        lineTable(lines),
        ...(ldapLines
          ? ["With the directory over LDAP (OpenLDAP behind a slow line):", lineTable(ldapLines)]
          : []),
        ...(ldapLines ? [] : ["Over LDAP: not measured, there is no slapd on the PATH."]),
        farSide(fhir),
        "Why each least number is the least:",
        reasons(lines),
      ],
      targets: [
        ...targetsOf(lines, fhir.beyond, "FHIR"),
        ...(ldap && ldapLines ? targetsOf(ldapLines, ldap.beyond, "LDAP") : []),
      ],
    };
  } finally {
    await upstreams.close();
  }
}

function method(runs: number): string[] {
  const { PDS, SDS, SSP, VM } = LATENCIES;
  return [
    `Every upstream answers after a set time: PDS ${PDS} ms, SDS ${SDS} ms, a practice through SSP ${SSP} ms, V&M ${VM} ms. They run in a process of their own. The server runs in this one with its log, audit and intents written to files, and is asked over HTTP; connections are kept open.`,
    `${runs} runs after ${WARM_UPS} unmeasured ones at no latency, ours and the naive sequence in turn within each run, the order changing. "Cold": a new session at a server that keeps nothing for the deployment. "Again": the second time in one session, with the settings of every day. Calls are counted where they arrive.`,
    "Time is from the request to the whole answer read, in milliseconds: p50 / p95 (min to max). Its ratio is p50 over the longest chain of set latencies; timers, sockets, GraphQL and the upstream's own work all count against us.",
    "The naive sequence makes the same requests with the product's own clients, one after another: nothing is kept, and nothing is shared between aliases or patients. It is spared HTTP and GraphQL, its directory client sends Endpoint and Device together, and within one patient's walk it asks nothing twice.",
  ];
}

function lineTable(lines: readonly Line[]): string {
  const rows = lines.map(({ name, session, least, chainMs, ours, naive }) => [
    `${name}, ${session}`,
    String(least),
    calls(ours),
    calls(naive),
    String(chainMs),
    inShort(ours.time),
    ratio(ours.timeRatio),
    inShort(naive.time),
    ratio(naive.timeRatio),
  ]);
  const head = ["Query", "Least calls", "Ours", "Naive", "Chain", "Ours, ms", "Ratio", "Naive, ms", "Ratio"];
  return table(head, rows);
}

function calls({ calls: made, callsRatio }: Score): string {
  return callsRatio === undefined ? String(made) : `${made} (${callsRatio.toFixed(2)})`;
}

function ratio(value: number | undefined): string {
  return value === undefined ? "–" : value.toFixed(3);
}

/** How we know that the far side is not what is measured. */
function farSide({ beyond, condition }: CallsResult): string {
  return `The far side: a bare request to PDS took ${inShort(summarise(beyond), 1)} ms beyond the set latency. ${told(condition)}`;
}

/** The upstream process's own account. */
export function told({ busy, requests, lateness }: Condition): string {
  const late = lateness ? `, its answers left ${inShort(lateness, 1)} ms after they were due` : "";
  return `The upstream process received ${requests} requests and was busy ${(busy * 100).toFixed(0)} % of the time${late}.`;
}

function reasons(lines: readonly Line[]): string {
  return lines
    .map(({ name, session, least, because }) => `- ${name}, ${session}: ${least}, because ${because}.`)
    .join("\n");
}
