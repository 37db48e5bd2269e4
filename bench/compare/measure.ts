import type { Child } from "../kit/child.js";
import type { Contender } from "./contender.js";
import { type Prepared, prepare, requireSameContent } from "./content.js";
import { describeFailures, type LoadPlan, type LoadResult } from "./load.js";
import type { Scenario } from "./scenarios.js";

/** How much is measured. */
export interface Effort {
  readonly rounds: number;
  /** The longest that a round may take; a quiet machine needs less. */
  readonly maxSeconds: number;
  readonly connections: number;
  /** Each is a round that does not count. The warm-up ends earlier when two in turn cost the same. */
  readonly maxWarmUps: number;
}

/** One round of one service. */
export interface Round {
  readonly cpuMs: number;
  readonly perSecond: number;
  readonly ms: LoadResult["ms"];
}

export interface Measured {
  readonly contender: Contender;
  readonly rounds: readonly Round[];
  /** Upstream calls of one request, counted at the stand-in. */
  readonly calls: number;
  readonly rssMiB: number;
  /** Of the last warm-up against the one before. */
  readonly isSteady: boolean;
}

export interface Bench {
  readonly standIn: Child;
  readonly generator: Child;
  readonly contenders: readonly Contender[];
  readonly effort: Effort;
}

const STEADY = 0.05;
/** The first stretch fills the caches and the second compiles, so that two equal ones are not both cold. */
const MIN_WARM_UPS = 3;

/** Compares the content, warms up each service, and measures them in turn: A B C, A B C. */
export async function measureScenario(bench: Bench, scenario: Scenario): Promise<Measured[]> {
  const { standIn, contenders, effort } = bench;
  await standIn.call("setSlots", scenario.slots);
  const prepared: Prepared[] = [];
  for (const contender of contenders) prepared.push(await prepare(contender, scenario));
  await requireSameContent(prepared, scenario);
  const results = [];
  for (const one of prepared)
    results.push({ one, rounds: [] as Round[], ...(await warmUp(bench, one, scenario)) });
  for (let round = 0; round < effort.rounds; round += 1) {
    for (const { one, rounds } of results) rounds.push(await measureRound(bench, one, scenario));
  }
  const measured: Measured[] = [];
  for (const { one, rounds, calls, isSteady } of results) {
    const { rssMiB } = await one.contender.probe();
    measured.push({ contender: one.contender, rounds, calls, isSteady, rssMiB });
  }
  return measured;
}

async function warmUp(
  bench: Bench,
  one: Prepared,
  scenario: Scenario,
): Promise<{ readonly calls: number; readonly isSteady: boolean }> {
  let before = Number.POSITIVE_INFINITY;
  let calls = 0;
  for (let run = 0; run < bench.effort.maxWarmUps; run += 1) {
    await bench.standIn.call("takeCalls");
    const sentBefore = one.next;
    const { cpuMs } = await measureRound(bench, one, scenario);
    calls = (await bench.standIn.call<number>("takeCalls")) / (one.next - sentBefore);
    if (run >= MIN_WARM_UPS && Math.abs(cpuMs / before - 1) < STEADY) return { calls, isSteady: true };
    before = cpuMs;
  }
  return { calls, isSteady: false };
}

/** @throws if one response is not the expected one, because a failed request must not count as a fast one. */
export async function measureRound(
  { generator, effort }: Pick<Bench, "generator" | "effort">,
  one: Prepared,
  scenario: Scenario,
): Promise<Round> {
  const plan: LoadPlan = {
    port: one.contender.port,
    path: one.path,
    requests: one.requests,
    firstRequest: one.next,
    connections: effort.connections,
    seconds: effort.maxSeconds,
    maxRequests: scenario.requests,
  };
  const { cpuMs } = await one.contender.probe();
  const result = await generator.call<LoadResult>("sendLoad", plan);
  const after = await one.contender.probe();
  one.next += result.responses;
  if (result.failures > 0 || result.responses === 0) {
    throw new Error(
      `${one.contender.kind.name}, ${scenario.name}: ${describeFailures(result)} of ${result.responses} failed`,
    );
  }
  return {
    cpuMs: (after.cpuMs - cpuMs) / result.responses,
    perSecond: result.responses / result.seconds,
    ms: result.ms,
  };
}
