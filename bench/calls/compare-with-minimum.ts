import { type Summary, spread, summarise } from "../kit/statistics.js";
import type { Target } from "../kit/target.js";
import { type Latencies, total } from "../upstreams/upstreams.js";
import type { Sample } from "./measure-case.js";
import { criticalPathMs, type MinimumCost } from "./minimum-cost.js";
import type { CallsResult } from "./run-calls.js";

/** The result of ours or of the naive sequence in one line of the table. */
export interface Score {
  /** For one response: the maximum over all runs. */
  readonly calls: number;
  readonly time: Summary;
  /** Divided by the minimum; undefined if the minimum is zero. */
  readonly callsRatio: number | undefined;
  readonly timeRatio: number | undefined;
}

export interface Line {
  readonly name: string;
  readonly session: "cold" | "again";
  readonly minimumCalls: number;
  readonly pathMs: number;
  readonly reason: string;
  readonly ours: Score;
  readonly naive: Score;
}

/** Compares every line with its minimum. */
export function compareWithMinimum({ cases }: CallsResult, latencies: Latencies): Line[] {
  return cases.flatMap((result) =>
    (["cold", "again"] as const).flatMap((session) => {
      const minimum = result.case[session];
      if (!minimum) return [];
      const minimumCalls = total(minimum.calls);
      const pathMs = criticalPathMs(minimum, latencies);
      return {
        name: result.case.name,
        session,
        minimumCalls,
        pathMs,
        reason: minimum.reason,
        ours: score(result[session], minimum, pathMs),
        naive: score(result.naive, minimum, pathMs),
      };
    }),
  );
}

function score(samples: readonly Sample[], minimum: MinimumCost, pathMs: number): Score {
  const minimumCalls = total(minimum.calls);
  const most = Math.max(...samples.map(({ calls }) => total(calls)));
  const time = summarise(samples.map(({ ms }) => ms));
  return {
    calls: most,
    time,
    callsRatio: minimumCalls > 0 ? most / minimumCalls : undefined,
    timeRatio: pathMs > 0 ? time.p50 / pathMs : undefined,
  };
}

const MAX_TIME_RATIO = 1.05;

/** For each kind of target, the line that is closest to missing it or misses it most. */
export function targetsOf(lines: readonly Line[], excessMs: readonly number[], over: string): Target[] {
  const noiseMs = spread(summarise(excessMs));
  const calls = lines.map(({ name, session, ours, minimumCalls }) => ({
    what: `calls against the minimum, ${over}: worst line (${name}, ${session})`,
    atMost: 1,
    // If the minimum is zero, one call counts as twice the minimum.
    measured: ours.callsRatio ?? 1 + ours.calls - minimumCalls,
    noise: 0,
    unit: "" as const,
  }));
  const time = lines.flatMap(({ name, session, ours, pathMs }) =>
    ours.timeRatio === undefined
      ? []
      : {
          what: `p50 time against the critical path, ${over}: worst line (${name}, ${session})`,
          atMost: MAX_TIME_RATIO,
          measured: ours.timeRatio,
          noise: noiseMs / pathMs,
          unit: "" as const,
        },
  );
  return [worst(calls), worst(time)].flatMap((target) => target ?? []);
}

function worst(targets: readonly Target[]): Target | undefined {
  const excess = ({ measured, atMost, noise }: Target) => measured - atMost - noise;
  return [...targets].sort((a, b) => excess(b) - excess(a))[0];
}
