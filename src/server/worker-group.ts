import type { Registry } from "prom-client";
import type { UpstreamHealth } from "./upstream-health.js";

/** What a worker contributes to the metrics and the health of all workers. */
export interface WorkerParts {
  readonly registry: Registry;
  readonly health: UpstreamHealth;
}

/** The worker processes of one instance, as one of them sees them (`docs/workers.md`). */
export interface WorkerGroup {
  /** True while as many workers are ready as the settings say. */
  readonly areReady: boolean;
  /** True for the one worker that reconciles and cleans up for all. */
  readonly isLeader: boolean;
  join(parts: WorkerParts): void;
  /** The metrics of all workers and of their primary, in the text format of Prometheus. */
  sumMetrics(): Promise<string>;
}
