import type { NhsNumber } from "../../src/domain/nhs-number.js";
import type { Case } from "../calls/case.js";
import { measureAgain, measureCold, measureNaive, type Sample } from "../calls/measure-case.js";
import { naiveCard } from "../calls/naive-walks.js";
import { cardQuestion } from "../calls/questions.js";
import { Control } from "../kit/control.js";
import { NOTHING_KEPT, openDependencies, startGraph } from "../kit/graph.js";
import { AT_ONCE, type Condition, type Latencies, type Upstreams } from "../upstreams/upstreams.js";

/** The one who always works. */
const PATIENT = "9000000009" as NhsNumber;

const CARD: Case = {
  name: "the card",
  question: cardQuestion(PATIENT),
  naive: (steps) => naiveCard(steps, PATIENT),
};

export interface CardResult {
  /** Nothing cached at all. */
  readonly cold: readonly Sample[];
  /** A new session, in a deployment that has answered before. */
  readonly newSession: readonly Sample[];
  readonly sameSession: readonly Sample[];
  readonly naive: readonly Sample[];
  /** What a bare request took beyond the set latency. */
  readonly beyond: readonly number[];
  readonly condition: Condition;
}

export interface CardOptions {
  readonly upstreams: Upstreams;
  readonly latencies: Latencies;
  readonly runs: number;
  /** Runs before, unmeasured and at no latency. */
  readonly warmUps: number;
}

/** The card over the sandbox as it is, ours and the naive sequence in turn. */
export async function measureCard({ upstreams, latencies, runs, warmUps }: CardOptions): Promise<CardResult> {
  const { urls } = upstreams;
  const forgetful = await startGraph({ urls, environment: NOTHING_KEPT });
  const ordinary = await startGraph({ urls });
  const naive = openDependencies({ urls });
  const control = new Control(`${urls.pds}/Patient/${PATIENT}`, latencies.PDS);
  const contenders = { upstreams, forgetful, ordinary, naive: naive.dependencies };
  const round = async () => ({
    cold: await measureCold(contenders, CARD),
    newSession: await measureCold({ ...contenders, forgetful: ordinary }, CARD),
    sameSession: await measureAgain(contenders, CARD),
    naive: await measureNaive(contenders, CARD),
  });
  try {
    await upstreams.setLatencies(AT_ONCE);
    for (let run = 0; run < warmUps; run += 1) await round();
    await upstreams.setLatencies(latencies);
    await control.measure();
    control.beyond.length = 0;
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
      beyond: control.beyond,
      condition: await upstreams.takeCondition(),
    };
  } finally {
    await control.close();
    await forgetful.close();
    await ordinary.close();
    await naive.close();
  }
}
