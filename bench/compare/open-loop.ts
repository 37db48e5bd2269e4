import { prepare } from "./content.js";
import type { LoadPlan, LoadResult } from "./load.js";
import type { Bench } from "./measure.js";
import { CARD_5 } from "./scenarios.js";

/** Well below what any of the services holds. */
export const RATE = 100;
const SECONDS = 8;
const CONNECTIONS = 256;

export interface OpenLoopResult {
  readonly name: string;
  readonly result: LoadResult;
  /** Of one core. */
  readonly cpuShare: number;
}

/**
 * The warm card at a fixed rate, whether or not earlier responses have arrived. Times are from when a request was due, so
 * a pause of a service is in all requests that were due in it.
 */
export async function measureOpenLoop({ standIn, generator, contenders }: Bench): Promise<OpenLoopResult[]> {
  await standIn.call("setSlots", CARD_5.slots);
  const results: OpenLoopResult[] = [];
  for (const contender of contenders) {
    const { path, requests } = await prepare(contender, CARD_5);
    const plan: LoadPlan = {
      ...{ port: contender.port, path, requests, firstRequest: 0 },
      ...{ connections: CONNECTIONS, seconds: SECONDS, perSecond: RATE },
    };
    // Fills the sessions, which may have ended since the closed loop.
    await generator.call("sendLoad", { ...plan, seconds: 2 });
    const before = await contender.probe();
    const result = await generator.call<LoadResult>("sendLoad", plan);
    const after = await contender.probe();
    const cpuShare = (after.cpuMs - before.cpuMs) / 1000 / result.seconds;
    results.push({ name: contender.kind.name, result, cpuShare });
  }
  return results;
}
