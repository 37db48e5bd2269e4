import type { Counts, Latencies, Service } from "../upstreams/upstreams.js";

/** The minimum cost of a response. */
export interface MinimumCost {
  readonly calls: Counts;
  /**
   * Paths through the calls, in which each call waits for the one before. The longest is the critical path, and its
   * duration is the minimum time. Without a path there is no call.
   */
  readonly paths: readonly (readonly Service[])[];
  /** Why fewer calls are not possible. */
  readonly reason: string;
}

/** Counts of requests. A missing service has none. */
export function calls(given: Partial<Counts>): Counts {
  return { PDS: 0, SDS: 0, SSP: 0, VM: 0, ...given };
}

/** The duration of the critical path with the set latencies, in milliseconds. */
export function criticalPathMs({ paths }: MinimumCost, latencies: Latencies): number {
  const lengths = paths.map((way) => way.reduce((sum, service) => sum + latencies[service], 0));
  return Math.max(0, ...lengths);
}

export const NOTHING: MinimumCost = {
  calls: calls({}),
  paths: [],
  reason: "everything was fetched earlier in this session and may be reused",
};
