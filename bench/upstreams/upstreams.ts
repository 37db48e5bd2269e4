import type { UpstreamUrls } from "../../src/server/dependencies.js";
import type { Summary } from "../kit/statistics.js";

export const SERVICES = ["PDS", "SDS", "SSP", "VM"] as const;
export type Service = (typeof SERVICES)[number];

/** The latency of each service, in milliseconds. */
export type Latencies = Readonly<Record<Service, number>>;

/** Requests by service. */
export type Counts = Readonly<Record<Service, number>>;

export const AT_ONCE: Latencies = { PDS: 0, SDS: 0, SSP: 0, VM: 0 };

/** The state of the upstream process, so that its slowness is not attributed to the graph. */
export interface Condition {
  readonly requests: number;
  /** The share of time in which its event loop was busy, 0 to 1. */
  readonly busy: number;
  /** How late responses left after the set latency, in milliseconds; undefined if not measured. */
  readonly lateness: Summary | undefined;
}

/** The simulated upstreams, in this process or another. */
export interface Upstreams {
  readonly urls: UpstreamUrls;
  setLatencies(latencies: Latencies): Promise<void>;
  /** The requests received since the previous call, or since the start. */
  takeCounts(): Promise<Counts>;
  /** The condition since the previous call, or since the start. */
  takeCondition(): Promise<Condition>;
  close(): Promise<void>;
}

export function total(counts: Counts): number {
  return SERVICES.reduce((sum, service) => sum + counts[service], 0);
}
