import { type Summary, spread, summarise } from "../kit/statistics.js";
import type { Target } from "../kit/target.js";
import { type Latencies, total } from "../upstreams/upstreams.js";
import { type Budget, longestChain } from "./budget.js";
import type { Sample } from "./measure-case.js";
import type { CallsResult } from "./run-calls.js";

/** What one contender came to in one line of the table. */
export interface Score {
  /** Of one answer; all answers cost the same, or this is the most. */
  readonly calls: number;
  readonly time: Summary;
  /** Against the least possible; undefined where that is nothing. */
  readonly callsRatio: number | undefined;
  readonly timeRatio: number | undefined;
}

export interface Line {
  readonly name: string;
  readonly session: "cold" | "again";
  readonly least: number;
  readonly chainMs: number;
  readonly because: string;
  readonly ours: Score;
  readonly naive: Score;
}

/** Sets every line against the least possible. */
export function judge({ cases }: CallsResult, latencies: Latencies): Line[] {
  return cases.flatMap((result) =>
    (["cold", "again"] as const).flatMap((session) => {
      const budget = result.case[session];
      if (!budget) return [];
      const least = total(budget.calls);
      const chainMs = longestChain(budget, latencies);
      return {
        name: result.case.name,
        session,
        least,
        chainMs,
        because: budget.because,
        ours: score(result[session], budget, chainMs),
        naive: score(result.naive, budget, chainMs),
      };
    }),
  );
}

function score(samples: readonly Sample[], budget: Budget, chainMs: number): Score {
  const least = total(budget.calls);
  const most = Math.max(...samples.map(({ calls }) => total(calls)));
  const time = summarise(samples.map(({ ms }) => ms));
  return {
    calls: most,
    time,
    callsRatio: least > 0 ? most / least : undefined,
    timeRatio: chainMs > 0 ? time.p50 / chainMs : undefined,
  };
}

const MOST_TIME = 1.05;

/** Of each kind of target the line that comes nearest to missing it, or misses it most. */
export function targetsOf(lines: readonly Line[], beyond: readonly number[], over: string): Target[] {
  const noiseMs = spread(summarise(beyond));
  const calls = lines.map(({ name, session, ours, least }) => ({
    what: `calls against the least, ${over}: the worst of all lines (${name}, ${session})`,
    atMost: 1,
    // Nothing may be asked where nothing need be: one call there is as bad as twice the calls elsewhere.
    measured: ours.callsRatio ?? 1 + ours.calls - least,
    noise: 0,
    unit: "" as const,
  }));
  const time = lines.flatMap(({ name, session, ours, chainMs }) =>
    ours.timeRatio === undefined
      ? []
      : {
          what: `time at p50 against the longest chain, ${over}: the worst of all lines (${name}, ${session})`,
          atMost: MOST_TIME,
          measured: ours.timeRatio,
          noise: noiseMs / chainMs,
          unit: "" as const,
        },
  );
  return [worst(calls), worst(time)].flatMap((target) => target ?? []);
}

function worst(targets: readonly Target[]): Target | undefined {
  const excess = ({ measured, atMost, noise }: Target) => measured - atMost - noise;
  return [...targets].sort((a, b) => excess(b) - excess(a))[0];
}
