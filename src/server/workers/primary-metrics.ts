import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";

/** What is read when the metrics are collected. */
export interface WorkerCounts {
  readonly ready: readonly unknown[];
  readonly restarts: number;
}

/** The metrics of the primary itself. They are part of the sum that `/metrics` gives. */
export function createPrimaryMetrics(workers: WorkerCounts): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: "spine_workers_ready",
    help: "Worker processes that serve requests",
    registers: [registry],
    collect() {
      this.set(workers.ready.length);
    },
  });
  new Counter({
    name: "spine_worker_restarts_total",
    help: "Worker processes that ended and were replaced",
    registers: [registry],
    collect() {
      this.reset();
      this.inc(workers.restarts);
    },
  });
  return registry;
}
