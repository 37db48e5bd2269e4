import type { Contender } from "./contender.js";
import { type Bench, type Measured, measureScenario } from "./measure.js";
import { entities } from "./scenarios.js";

export const COUNTS = [1, 10, 100, 1_000] as const;

/** The cost of `_entities` by their number, with and without a call for each. */
export interface CurvePoint {
  readonly count: number;
  readonly fromSession: Measured;
  readonly fetched: Measured;
}

/** Measures one service over {@link COUNTS}. */
export async function measureEntityCurve(bench: Bench, contender: Contender): Promise<CurvePoint[]> {
  const alone = { ...bench, contenders: [contender] };
  const points: CurvePoint[] = [];
  for (const count of COUNTS) {
    const [fromSession] = await measureScenario(alone, entities(count, `entities-${count}`));
    const [fetched] = await measureScenario(alone, entities(count));
    if (fromSession && fetched) points.push({ count, fromSession, fetched });
  }
  return points;
}
