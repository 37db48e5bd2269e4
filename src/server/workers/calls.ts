import type { MetricObjectWithValues, MetricValue } from "prom-client";
import type { PrimaryCacheCalls } from "../../platform/cache/primary-cache.js";
import type { RateLimit } from "../../platform/resilience/rate-limit.js";
import type { UpstreamUrls } from "../dependencies.js";
import type { ExplorerOptions } from "../explorer.js";
import type { Service, ServiceStatus } from "../upstream-health.js";

/** What a worker receives before it starts. */
export interface WorkerSetup {
  readonly urls: UpstreamUrls;
  readonly personas?: ExplorerOptions["personas"];
  /** The store that all workers open. */
  readonly databaseUrl?: string | undefined;
  /** For ids and for cache keys, where the settings give no secret. */
  readonly idSecret: string;
  readonly cacheSecret: string;
}

export interface GroupState {
  readonly areReady: boolean;
  readonly isLeader: boolean;
}

/** Metrics as they travel between the processes. */
export type MetricValues = readonly MetricObjectWithValues<MetricValue<string>>[];

/** What workers call in their primary. */
export interface PrimaryCalls extends PrimaryCacheCalls {
  setup(): Promise<WorkerSetup>;
  /** The port on which all workers listen. The worker must listen on it at once. */
  takePort(): Promise<number>;
  /** The worker listens. */
  ready(): void;
  /** See `RateLimiter.take`. */
  takePermit(service: string, rateLimit: RateLimit): number;
  /** See `SharedCounter.increment`. */
  countRequest(key: string): number;
  sumMetrics(): Promise<string>;
  reportHealth(service: Service, status: ServiceStatus): void;
}

/** What the primary calls in each of its workers. */
export interface WorkerCalls {
  setState(state: GroupState): void;
  /** Another worker has replaced or deleted a cached value. */
  forget(key: string): void;
  metrics(): Promise<MetricValues>;
  adoptHealth(service: Service, status: ServiceStatus): void;
}
