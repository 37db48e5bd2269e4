import { table } from "../kit/report.js";
import { prepare } from "./content.js";
import { describeFailures, type LoadPlan, type LoadResult } from "./load.js";
import type { Bench } from "./measure.js";
import { CARD_5 } from "./scenarios.js";

/** Well below what any of the services holds. */
const RATE = 100;
const SECONDS = 8;
/** More than this server admits at the same time, as a service must expect. */
const CONNECTIONS = 256;
const WARM_UP_REQUESTS = 1_500;

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
    // Fills the sessions and compiles the code. A cold service would collect a backlog at this rate, and measure that.
    const { perSecond: _rate, ...closed } = plan;
    await generator.call("sendLoad", {
      ...closed,
      connections: 16,
      seconds: 20,
      maxRequests: WARM_UP_REQUESTS,
    });
    const before = await contender.probe();
    const result = await generator.call<LoadResult>("sendLoad", plan);
    const after = await contender.probe();
    const cpuShare = (after.cpuMs - before.cpuMs) / 1000 / result.seconds;
    results.push({ name: contender.kind.name, result, cpuShare });
  }
  return results;
}

export function openLoopTables(results: readonly OpenLoopResult[]): string[] {
  return [
    `### Open loop: \`card-5\` at ${RATE} requests/s`,
    table(
      ["Service", "p50 ms", "p90 ms", "p99 ms", "Longest ms", "Share of a core", "Failed"],
      results.map(({ name, result, cpuShare }) => [
        name,
        ...[result.ms.p50, result.ms.p90, result.ms.p99, result.ms.max].map((value) => value.toFixed(1)),
        `${(cpuShare * 100).toFixed(0)} %`,
        describeFailures(result),
      ]),
    ),
  ];
}
