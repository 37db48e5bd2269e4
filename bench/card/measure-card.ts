import type { NhsNumber } from "../../src/domain/nhs-number.js";
import type { Case } from "../calls/case.js";
import { measureAgain, measureCold, measureNaive, type Sample } from "../calls/measure-case.js";
import { naiveCard } from "../calls/naive-sequences.js";
import { cardRequest } from "../calls/requests.js";
import { Control } from "../kit/control.js";
import { NO_DEPLOYMENT_CACHE, openDependencies, startGraph } from "../kit/graph.js";
import { AT_ONCE, type Condition, type Latencies, type Upstreams } from "../upstreams/upstreams.js";

/** The persona whose practice works. */
const PATIENT = "9000000009" as NhsNumber;

const CARD: Case = {
  name: "the card",
  request: cardRequest(PATIENT),
  naive: (steps) => naiveCard(steps, PATIENT),
};

export interface CardResult {
  /** With an empty cache. */
  readonly cold: readonly Sample[];
  /** A new session in a deployment with a filled cache. */
  readonly newSession: readonly Sample[];
  readonly sameSession: readonly Sample[];
  readonly naive: readonly Sample[];
  /** The excess of a bare request over the set latency, in milliseconds. */
  readonly excessMs: readonly number[];
  readonly condition: Condition;
}

export interface CardOptions {
  readonly upstreams: Upstreams;
  readonly latencies: Latencies;
  readonly runs: number;
  /** Unmeasured runs without latency before the measured ones. */
  readonly warmUps: number;
}

/** Measures the card over the sandbox; ours and the naive sequence alternate. */
export async function measureCard({ upstreams, latencies, runs, warmUps }: CardOptions): Promise<CardResult> {
  const { urls } = upstreams;
  const uncached = await startGraph({ urls, environment: NO_DEPLOYMENT_CACHE });
  const cached = await startGraph({ urls });
  const naive = await openDependencies({ urls });
  const control = new Control(`${urls.pds}/Patient/${PATIENT}`, latencies.PDS);
  const contenders = { upstreams, uncached, cached, naive: naive.dependencies };
  const round = async () => ({
    cold: await measureCold(contenders, CARD),
    newSession: await measureCold({ ...contenders, uncached: cached }, CARD),
    sameSession: await measureAgain(contenders, CARD),
    naive: await measureNaive(contenders, CARD),
  });
  try {
    await upstreams.setLatencies(AT_ONCE);
    for (let run = 0; run < warmUps; run += 1) await round();
    await upstreams.setLatencies(latencies);
    await control.measure();
    control.excessMs.length = 0;
    await upstreams.takeCondition();
    const rounds = [];
    for (let run = 0; run < runs; run += 1) {
      await control.measure();
      rounds.push(await round());
    }
    return {
      cold: rounds.map((one) => one.cold),
      newSession: rounds.map((one) => one.newSession),
      sameSession: rounds.map((one) => one.sameSession),
      naive: rounds.map((one) => one.naive),
      excessMs: control.excessMs,
      condition: await upstreams.takeCondition(),
    };
  } finally {
    await control.close();
    await uncached.close();
    await cached.close();
    await naive.close();
  }
}
