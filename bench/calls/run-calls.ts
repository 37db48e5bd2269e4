import { Control } from "../kit/control.js";
import { NOTHING_KEPT, openDependencies, startGraph } from "../kit/graph.js";
import { AT_ONCE, type Condition, type Latencies, type Upstreams } from "../upstreams/upstreams.js";
import type { Case } from "./case.js";
import { type Contenders, measureAgain, measureCold, measureNaive, type Sample } from "./measure-case.js";

export interface CallsOptions {
  readonly upstreams: Upstreams;
  /** Over LDAP: the directory's URL in place of the stub's. */
  readonly sdsUrl?: string;
  readonly latencies: Latencies;
  readonly cases: readonly Case[];
  readonly runs: number;
  /** Runs before, unmeasured and at no latency. */
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
  /** What a bare request took beyond the set latency. */
  readonly beyond: readonly number[];
  readonly condition: Condition;
}

type Samples = { readonly [kind in "cold" | "again" | "naive"]: Sample[] };

/** Measures every case so many times, ours and the naive sequence in turn. */
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
    control.beyond.length = 0;
    await upstreams.takeCondition();
    const samples = cases.map(() => noSamples());
    for (let run = 0; run < runs; run += 1) await measureRound(contenders, cases, samples, run, control);
    const condition = await upstreams.takeCondition();
    return {
      cases: cases.map((each, index) => ({ case: each, ...(samples[index] ?? noSamples()) })),
      beyond: control.beyond,
      condition,
    };
  } finally {
    await control.close();
    await close();
  }
}

/** Who goes first changes from run to run, so that neither gains by what the other leaves behind. */
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
      const most = each.mostNaiveRuns ?? Number.POSITIVE_INFINITY;
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
  const forgetful = await startGraph({ urls, environment: NOTHING_KEPT });
  const ordinary = await startGraph({ urls });
  const naive = openDependencies({ urls });
  return {
    contenders: { upstreams, forgetful, ordinary, naive: naive.dependencies },
    close: async () => {
      await forgetful.close();
      await ordinary.close();
      await naive.close();
    },
  };
}

function noSamples(): Samples {
  return { cold: [], again: [], naive: [] };
}
