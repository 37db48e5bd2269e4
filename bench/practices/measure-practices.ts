import { randomUUID } from "node:crypto";
import { Agent } from "undici";
import { addLondonDays, nearestLondonMidnights, toLondonDateTime } from "../../src/domain/london-time.js";
import { toWindows } from "../../src/domain/slot-windows.js";
import { type BareFlood, Control, measureFlood } from "../kit/control.js";
import { type Graph, NOTHING_KEPT, openDependencies, type Question, startGraph } from "../kit/graph.js";
import { NaiveSteps } from "../kit/naive-steps.js";
import { practiceCode } from "../upstreams/people.js";
import { addressOf } from "../upstreams/spine-answers.js";
import { AT_ONCE, type Condition, type Latencies, total, type Upstreams } from "../upstreams/upstreams.js";

export const PRACTICES = 200;
export const WEEKS = 12;
/** `SSP_MAX_CONCURRENCY`, as it is when nobody sets it. */
export const WIDTH = 64;
/** All of them, one call after another, would take a minute and a half for each run. */
export const NAIVE_PRACTICES = 5;

/** All there is, and what a list on a screen shows. */
const SELECTIONS = {
  "every slot": "freeSlots(from: $from, to: $to) { id start durationMinutes deliveryChannel type }",
  "the first 5 of each":
    "freeSlots(from: $from, to: $to, first: 5) { id start durationMinutes deliveryChannel type practitioner { name } location { name } }",
} as const;

export interface PracticesOptions {
  readonly upstreams: Upstreams;
  /** Over LDAP: the directory's URL in place of the stub's. */
  readonly sdsUrl?: string;
  readonly latencyMs: number;
  readonly runs: number;
  readonly warmUps: number;
  /** Not again, where it has been measured already. */
  readonly withNaive: boolean;
}

/** What one selection came to. */
export interface Measured {
  readonly selection: string;
  readonly ms: number[];
  /** Of the process of server and client, reading the answer included. */
  readonly cpuMs: number[];
  /** Of one answer. */
  calls: number;
  bytes: number;
}

export interface PracticesResult {
  readonly measured: readonly Measured[];
  /** For {@link NAIVE_PRACTICES}. */
  readonly naiveMs: readonly number[];
  /** The slot searches alone, by a bare HTTP client at the same width. */
  readonly bareMs: readonly number[];
  readonly beyond: readonly number[];
  readonly condition: Condition;
}

const SLOT_SEARCH = "urn:nhs:names:services:gpconnect:fhir:rest:search:slot-1";

const from = nearestLondonMidnights(Date.now()).after;
const range = { from, to: addLondonDays(from, WEEKS * 7) };

/** Asks for the slots of all practices at once, again and again, each time in a new session. */
export async function measurePractices(options: PracticesOptions): Promise<PracticesResult> {
  const { upstreams, sdsUrl, latencyMs, runs, warmUps, withNaive } = options;
  const urls = { ...upstreams.urls, sds: sdsUrl ?? upstreams.urls.sds };
  const graph = await startGraph({ urls, environment: NOTHING_KEPT });
  const naive = openDependencies({ urls });
  const control = new Control(`${upstreams.urls.pds}/Patient/9000000009`, latencyMs);
  const measured = Object.keys(SELECTIONS).map((selection) => newMeasured(selection));
  const agent = new Agent({ connections: WIDTH });
  const flood = searches(urls.ssp);
  const naiveMs: number[] = [];
  const bareMs: number[] = [];
  try {
    await upstreams.setLatencies(AT_ONCE);
    for (let run = 0; run < warmUps; run += 1) {
      for (const { selection } of measured) await measureOnce(graph, upstreams, newMeasured(selection));
      await measureFlood(agent, flood);
    }
    await upstreams.setLatencies(everywhere(latencyMs));
    await control.measure();
    control.beyond.length = 0;
    await upstreams.takeCondition();
    for (let run = 0; run < runs; run += 1) {
      for (const into of measured) {
        await control.measure();
        await measureOnce(graph, upstreams, into);
      }
      bareMs.push(await measureFlood(agent, flood));
      if (withNaive) naiveMs.push(await measureNaive(new NaiveSteps(naive.dependencies)));
    }
    const condition = await upstreams.takeCondition();
    return { measured, naiveMs, bareMs, beyond: control.beyond, condition };
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
  const answer = await graph.ask(questionFor(into.selection), randomUUID());
  const { user, system } = process.cpuUsage(before);
  into.ms.push(answer.ms);
  into.cpuMs.push((user + system) / 1000);
  const searches = answer.logged.filter(({ interaction }) => interaction === "search").length;
  into.calls = total(await upstreams.takeCounts()) + searches;
  into.bytes = answer.bytes;
}

async function measureNaive(steps: NaiveSteps): Promise<number> {
  const began = performance.now();
  for (let index = 0; index < NAIVE_PRACTICES; index += 1) {
    const practice = await steps.findPractice(practiceCode(index));
    for (const window of toWindows(range)) await steps.slots(practice, window);
  }
  return performance.now() - began;
}

/** One and the same search, as many times as there are windows of all practices. */
function searches(sspUrl: string): BareFlood {
  const [window = range] = toWindows(range);
  const [start, end] = [window.from, window.to].map((time) => encodeURIComponent(toLondonDateTime(time)));
  return {
    url: `${sspUrl}/${addressOf(practiceCode(0), "")}/Slot?status=free&start=ge${start}&end=le${end}&_include=Slot:schedule`,
    headers: { "ssp-interactionid": SLOT_SEARCH },
    requests: PRACTICES * toWindows(range).length,
    width: WIDTH,
  };
}

function questionFor(selection: string): Question {
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
