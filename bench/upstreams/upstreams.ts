import type { UpstreamUrls } from "../../src/server/dependencies.js";
import type { Summary } from "../kit/statistics.js";

export const SERVICES = ["PDS", "SDS", "SSP", "VM"] as const;
export type Service = (typeof SERVICES)[number];

/** How long each service takes to answer, in milliseconds. */
export type Latencies = Readonly<Record<Service, number>>;

/** Requests by service. */
export type Counts = Readonly<Record<Service, number>>;

export const AT_ONCE: Latencies = { PDS: 0, SDS: 0, SSP: 0, VM: 0 };

/** How the upstream side fared itself, so that its own slowness is not taken for the graph's. */
export interface Condition {
  readonly requests: number;
  /** Share of the time in which its event loop had work, 0 to 1. */
  readonly busy: number;
  /** How long after the set latency an answer left, in milliseconds; undefined where that is not told. */
  readonly lateness: Summary | undefined;
}

/** The far side, in this process or another. */
export interface Upstreams {
  readonly urls: UpstreamUrls;
  setLatencies(latencies: Latencies): Promise<void>;
  /** Requests received since this was asked last, or since the start. */
  takeCounts(): Promise<Counts>;
  /** The same for how it fared. */
  takeCondition(): Promise<Condition>;
  close(): Promise<void>;
}

export function total(counts: Counts): number {
  return SERVICES.reduce((sum, service) => sum + counts[service], 0);
}
