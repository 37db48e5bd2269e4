import type { Fault } from "../../src/sandbox/index.js";
import type { Load, Shot } from "./load.js";
import type { Sample } from "./messages.js";
import type { CircuitEvent, Side } from "./side.js";

export type PhaseKind = "warm-up" | "quiet" | "troubled" | "recovery";

export interface PhasePlan {
  readonly kind: PhaseKind;
  readonly seconds: number;
  readonly faults: readonly Fault[];
}

/** What one product lived through in one phase. */
export interface PhaseRecord {
  /** Shots that were due in the phase, with the second of the phase they were answered in. */
  readonly shots: readonly (Shot & { readonly second: number })[];
  readonly samples: readonly Sample[];
  /** At the end, after a collection of garbage. */
  readonly atEnd: Sample;
  readonly circuits: readonly CircuitEvent[];
  /** Calls sent in the phase, by service and outcome. */
  readonly calls: ReadonlyMap<string, number>;
}

export interface Runner {
  readonly side: Side;
  readonly load: Load;
}

const SAMPLE_EVERY_MS = 5_000;

/** Lets one phase pass for one product. The load goes on from phase to phase without a pause. */
export async function runPhase({ side, load }: Runner, plan: PhasePlan): Promise<PhaseRecord> {
  await side.setFaults(plan.faults);
  const before = await side.calls();
  await side.sample();
  const startedAt = performance.now();
  const begunAt = Date.now();
  const shots: (Shot & { second: number })[] = [];
  load.listen((shot) => shots.push({ ...shot, second: (performance.now() - startedAt) / 1000 }));
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
    shots,
    samples,
    atEnd,
    circuits: side.circuits.filter(({ at }) => at >= begunAt),
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
