import type { Counts, Latencies, Service } from "../upstreams/upstreams.js";

/** What an answer costs at the very least. */
export interface Budget {
  readonly calls: Counts;
  /**
   * Ways through the calls in which each must wait for the one before. None of them can be shortened, so the longest
   * is the least time. No way at all: nothing is asked.
   */
  readonly ways: readonly (readonly Service[])[];
  /** Why fewer calls cannot do. */
  readonly because: string;
}

/** Counts of requests: what is left out is none. */
export function calls(given: Partial<Counts>): Counts {
  return { PDS: 0, SDS: 0, SSP: 0, VM: 0, ...given };
}

/** The longest chain of set latencies, in milliseconds. */
export function longestChain({ ways }: Budget, latencies: Latencies): number {
  const lengths = ways.map((way) => way.reduce((sum, service) => sum + latencies[service], 0));
  return Math.max(0, ...lengths);
}

export const NOTHING: Budget = {
  calls: calls({}),
  ways: [],
  because: "everything was read in this session a moment ago and may be used again",
};
