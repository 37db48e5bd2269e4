import { Control } from "../kit/control.js";
import { NO_DEPLOYMENT_CACHE, openDependencies, startGraph } from "../kit/graph.js";
import { AT_ONCE, type Condition, type Latencies, type Upstreams } from "../upstreams/upstreams.js";
import type { Case } from "./case.js";
import { type Contenders, measureAgain, measureCold, measureNaive, type Sample } from "./measure-case.js";

export interface CallsOptions {
  readonly upstreams: Upstreams;
  /** The LDAP URL of the directory. Default: the FHIR directory of the stub. */
  readonly sdsUrl?: string;
  readonly latencies: Latencies;
  readonly cases: readonly Case[];
  readonly runs: number;
  /** Unmeasured runs without latency before the measured ones. */
  readonly warmUps: number;
}

export interface CaseResult {
  readonly case: Case;
  readonly cold: readonly Sample[];
  readonly again: readonly Sample[];
  readonly naive: readonly Sample[];
}

export interface CallsResult {
  readonly cases: readonly CaseResult[];
  /** The excess of a bare request over the set latency, in milliseconds. */
  readonly excessMs: readonly number[];
  readonly condition: Condition;
}

type Samples = { readonly [kind in "cold" | "again" | "naive"]: Sample[] };

/** Measures every case in each run; ours and the naive sequence alternate. */
export async function runCalls(options: CallsOptions): Promise<CallsResult> {
  const { upstreams, latencies, cases, runs, warmUps } = options;
  const { contenders, close } = await openContenders(options);
  const control = new Control(`${upstreams.urls.pds}/Patient/9000000009`, latencies.PDS);
  try {
    await upstreams.setLatencies(AT_ONCE);
    const scrap = cases.map(() => noSamples());
    for (let run = 0; run < warmUps; run += 1) await measureRound(contenders, cases, scrap, run);
    await upstreams.setLatencies(latencies);
    await control.measure();
    control.excessMs.length = 0;
    await upstreams.takeCondition();
    const samples = cases.map(() => noSamples());
    for (let run = 0; run < runs; run += 1) await measureRound(contenders, cases, samples, run, control);
    const condition = await upstreams.takeCondition();
    return {
      cases: cases.map((each, index) => ({ case: each, ...(samples[index] ?? noSamples()) })),
      excessMs: control.excessMs,
      condition,
    };
  } finally {
    await control.close();
    await close();
  }
}

/** The order changes from run to run, so that neither benefits from the state that the other leaves. */
async function measureRound(
  contenders: Contenders,
  cases: readonly Case[],
  samples: readonly Samples[],
  run: number,
  control?: Control,
): Promise<void> {
  for (const [index, each] of cases.entries()) {
    const into = samples[index] ?? noSamples();
    const ours = async () => {
      if (each.cold) into.cold.push(await measureCold(contenders, each));
      if (each.again) into.again.push(await measureAgain(contenders, each));
    };
    const naive = async () => {
      const most = each.maxNaiveRuns ?? Number.POSITIVE_INFINITY;
      if (run < most) into.naive.push(await measureNaive(contenders, each));
    };
    await control?.measure();
    for (const go of run % 2 === 0 ? [ours, naive] : [naive, ours]) await go();
  }
}

async function openContenders({ upstreams, sdsUrl }: CallsOptions): Promise<{
  contenders: Contenders;
  close(): Promise<void>;
}> {
  const urls = { ...upstreams.urls, sds: sdsUrl ?? upstreams.urls.sds };
  const uncached = await startGraph({ urls, environment: NO_DEPLOYMENT_CACHE });
  const cached = await startGraph({ urls });
  const naive = await openDependencies({ urls });
  return {
    contenders: { upstreams, uncached, cached, naive: naive.dependencies },
    close: async () => {
      await uncached.close();
      await cached.close();
      await naive.close();
    },
  };
}

function noSamples(): Samples {
  return { cold: [], again: [], naive: [] };
}
