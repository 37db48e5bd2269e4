import type { Fault } from "../../src/sandbox/index.js";
import type { Load, OperationResult } from "./load.js";
import type { Sample } from "./messages.js";
import type { CircuitEvent, Side } from "./side.js";

export type PhaseKind = "warm-up" | "quiet" | "faults" | "recovery";

export interface PhasePlan {
  readonly kind: PhaseKind;
  readonly seconds: number;
  readonly faults: readonly Fault[];
}

/** What was measured on one server in one phase. */
export interface PhaseRecord {
  /** The operations that were due in the phase, with the second in which their response arrived. */
  readonly results: readonly (OperationResult & { readonly second: number })[];
  readonly samples: readonly Sample[];
  /** At the end, after a garbage collection. */
  readonly atEnd: Sample;
  readonly circuits: readonly CircuitEvent[];
  /** The calls of the phase, by service and outcome. */
  readonly calls: ReadonlyMap<string, number>;
}

export interface Runner {
  readonly side: Side;
  readonly load: Load;
}

const SAMPLE_EVERY_MS = 5_000;

/** Runs one phase on one server. The load continues between phases without a pause. */
export async function runPhase({ side, load }: Runner, plan: PhasePlan): Promise<PhaseRecord> {
  await side.setFaults(plan.faults);
  const before = await side.calls();
  await side.sample();
  const startedAt = performance.now();
  const startedAtWallClock = Date.now();
  const results: (OperationResult & { second: number })[] = [];
  load.listen((result) => results.push({ ...result, second: (performance.now() - startedAt) / 1000 }));
  const samples: Sample[] = [];
  const end = startedAt + plan.seconds * 1000;
  while (performance.now() < end) {
    await pause(Math.min(SAMPLE_EVERY_MS, end - performance.now()));
    samples.push(await side.sample());
  }
  load.listen(undefined);
  const after = await side.calls();
  const atEnd = await side.sample(true);
  return {
    results,
    samples,
    atEnd,
    circuits: side.circuits.filter(({ at }) => at >= startedAtWallClock),
    calls: difference(after, before),
  };
}

function difference(after: Map<string, number>, before: Map<string, number>): Map<string, number> {
  const entries = [...after].map(([key, count]) => [key, count - (before.get(key) ?? 0)] as const);
  return new Map(entries.filter(([, count]) => count > 0));
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
}
