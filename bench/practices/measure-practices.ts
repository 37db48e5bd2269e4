import { randomUUID } from "node:crypto";
import { Agent } from "undici";
import { addLondonDays, nearestLondonMidnights, toLondonDateTime } from "../../src/domain/london-time.js";
import { toWindows } from "../../src/domain/slot-windows.js";
import { type BareRequests, Control, measureBareRequests } from "../kit/control.js";
import {
  type Graph,
  type GraphqlRequest,
  NO_DEPLOYMENT_CACHE,
  openDependencies,
  startGraph,
} from "../kit/graph.js";
import { NaiveSteps } from "../kit/naive-steps.js";
import { practiceCode } from "../upstreams/people.js";
import { addressOf } from "../upstreams/spine-responses.js";
import { AT_ONCE, type Condition, type Latencies, total, type Upstreams } from "../upstreams/upstreams.js";

export const PRACTICES = 200;
export const WEEKS = 12;
/** The default of `SSP_MAX_CONCURRENCY`. */
export const CONCURRENCY = 64;
/** The naive sequence for all practices would take a minute and a half in each run. */
export const NAIVE_PRACTICES = 5;

/** All slots, and what a list on a screen shows. */
const SELECTIONS = {
  "every slot": "freeSlots(from: $from, to: $to) { id start durationMinutes deliveryChannel type }",
  "the first 5 of each":
    "freeSlots(from: $from, to: $to, first: 5) { id start durationMinutes deliveryChannel type practitioner { name } location { name } }",
} as const;

export interface PracticesOptions {
  readonly upstreams: Upstreams;
  /** The LDAP URL of the directory. Default: the FHIR directory of the stub. */
  readonly sdsUrl?: string;
  readonly latencyMs: number;
  readonly runs: number;
  readonly warmUps: number;
  /** False if the naive sequence was measured already. */
  readonly withNaive: boolean;
}

/** The measurements of one selection. */
export interface Measured {
  readonly selection: string;
  readonly ms: number[];
  /** Processor time of the process, which has the server and the client. */
  readonly cpuMs: number[];
  /** For one response. */
  calls: number;
  bytes: number;
}

export interface PracticesResult {
  readonly measured: readonly Measured[];
  /** For {@link NAIVE_PRACTICES}. */
  readonly naiveMs: readonly number[];
  /** The slot searches alone, by a bare HTTP client with the same concurrency. */
  readonly bareMs: readonly number[];
  readonly excessMs: readonly number[];
  readonly condition: Condition;
}

const SLOT_SEARCH = "urn:nhs:names:services:gpconnect:fhir:rest:search:slot-1";

const from = nearestLondonMidnights(Date.now()).after;
const range = { from, to: addLondonDays(from, WEEKS * 7) };

/** Queries the slots of all practices in one operation, each time in a new session. */
export async function measurePractices(options: PracticesOptions): Promise<PracticesResult> {
  const { upstreams, sdsUrl, latencyMs, runs, warmUps, withNaive } = options;
  const urls = { ...upstreams.urls, sds: sdsUrl ?? upstreams.urls.sds };
  const graph = await startGraph({ urls, environment: NO_DEPLOYMENT_CACHE });
  const naive = await openDependencies({ urls });
  const control = new Control(`${upstreams.urls.pds}/Patient/9000000009`, latencyMs);
  const measured = Object.keys(SELECTIONS).map((selection) => newMeasured(selection));
  const agent = new Agent({ connections: CONCURRENCY });
  const bare = searches(urls.ssp);
  const naiveMs: number[] = [];
  const bareMs: number[] = [];
  try {
    await upstreams.setLatencies(AT_ONCE);
    for (let run = 0; run < warmUps; run += 1) {
      for (const { selection } of measured) await measureOnce(graph, upstreams, newMeasured(selection));
      await measureBareRequests(agent, bare);
    }
    await upstreams.setLatencies(everywhere(latencyMs));
    await control.measure();
    control.excessMs.length = 0;
    await upstreams.takeCondition();
    for (let run = 0; run < runs; run += 1) {
      for (const into of measured) {
        await control.measure();
        await measureOnce(graph, upstreams, into);
      }
      bareMs.push(await measureBareRequests(agent, bare));
      if (withNaive) naiveMs.push(await measureNaive(new NaiveSteps(naive.dependencies)));
    }
    const condition = await upstreams.takeCondition();
    return { measured, naiveMs, bareMs, excessMs: control.excessMs, condition };
  } finally {
    await agent.close();
    await control.close();
    await graph.close();
    await naive.close();
  }
}

async function measureOnce(graph: Graph, upstreams: Upstreams, into: Measured): Promise<void> {
  await upstreams.takeCounts();
  const before = process.cpuUsage();
  const response = await graph.send(requestFor(into.selection), randomUUID());
  const { user, system } = process.cpuUsage(before);
  into.ms.push(response.ms);
  into.cpuMs.push((user + system) / 1000);
  const searches = response.logged.filter(({ interaction }) => interaction === "search").length;
  into.calls = total(await upstreams.takeCounts()) + searches;
  into.bytes = response.bytes;
}

async function measureNaive(steps: NaiveSteps): Promise<number> {
  const began = performance.now();
  for (let index = 0; index < NAIVE_PRACTICES; index += 1) {
    const practice = await steps.findPractice(practiceCode(index));
    for (const window of toWindows(range)) await steps.slots(practice, window);
  }
  return performance.now() - began;
}

/** The same search once for each window of each practice. */
function searches(sspUrl: string): BareRequests {
  const [window = range] = toWindows(range);
  const [start, end] = [window.from, window.to].map((time) => encodeURIComponent(toLondonDateTime(time)));
  return {
    url: `${sspUrl}/${addressOf(practiceCode(0), "")}/Slot?status=free&start=ge${start}&end=le${end}&_include=Slot:schedule`,
    headers: { "ssp-interactionid": SLOT_SEARCH },
    requests: PRACTICES * toWindows(range).length,
    concurrency: CONCURRENCY,
  };
}

function requestFor(selection: string): GraphqlRequest {
  const fields = SELECTIONS[selection as keyof typeof SELECTIONS];
  return {
    query: `query ($odsCodes: [ID!]!, $from: DateTime, $to: DateTime) { practices(odsCodes: $odsCodes) { odsCode ${fields} } }`,
    variables: {
      odsCodes: Array.from({ length: PRACTICES }, (_, index) => practiceCode(index)),
      from: toLondonDateTime(range.from),
      to: toLondonDateTime(range.to),
    },
  };
}

function newMeasured(selection: string): Measured {
  return { selection, ms: [], cpuMs: [], calls: 0, bytes: 0 };
}

function everywhere(ms: number): Latencies {
  return { PDS: ms, SDS: ms, SSP: ms, VM: ms };
}
