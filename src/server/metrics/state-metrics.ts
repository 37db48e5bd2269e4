import { Gauge, type Registry } from "prom-client";
import type { UnsettledCommand } from "../../commands/command-events.js";
import type { ServiceState } from "../../platform/resilience/index.js";

/** What is read when the metrics are collected. Nothing here calls an upstream or the database. */
export interface MetricSources {
  readonly resilience: { readonly states: readonly ServiceState[] };
  readonly commands: { readonly unsettled: readonly UnsettledCommand[] };
  readonly audit: { readonly lost: number; readonly oldestPendingAt: number | undefined };
  readonly auditWriter: { readonly inFileOnly: number };
  readonly store: { readonly database: { readonly isUp: boolean } };
  readonly clock: { now(): number };
}

/** How the values of several workers become one. */
type Aggregation = "sum" | "min" | "max";

const AGES: readonly (readonly [upToSeconds: number, label: string])[] = [
  [60, "under_1m"],
  [600, "under_10m"],
  [3_600, "under_1h"],
  [Number.POSITIVE_INFINITY, "over_1h"],
];

/** Registers the gauges of the state of this process (`docs/metrics.md`). */
export function registerStateMetrics(registry: Registry, sources: MetricSources): void {
  registerServiceGauges(registry, sources);
  registerUnsettledGauge(registry, sources);
  const { audit, auditWriter, store, clock } = sources;
  gauge(
    registry,
    "spine_store_up",
    "Whether the database responded last: 1 or 0",
    () => Number(store.database.isUp),
    "min",
  );
  gauge(
    registry,
    "spine_audit_oldest_pending_seconds",
    "Age of the oldest audit record that neither the database nor a file has confirmed",
    () => Math.max(0, clock.now() - (audit.oldestPendingAt ?? clock.now())) / 1000,
    "max",
  );
  gauge(
    registry,
    "spine_audit_records_in_file_only",
    "Audit records that the database lacks until it is back",
    () => auditWriter.inFileOnly,
  );
  gauge(
    registry,
    "spine_audit_records_lost",
    "Audit records given up since the start, because neither the database nor a file took them",
    () => audit.lost,
  );
}

function registerServiceGauges(registry: Registry, { resilience }: MetricSources): void {
  const perService = (
    name: string,
    help: string,
    read: (state: ServiceState) => number,
    aggregator: Aggregation = "sum",
  ) =>
    new Gauge({
      name,
      help,
      aggregator,
      labelNames: ["service"],
      registers: [registry],
      collect() {
        for (const state of resilience.states) this.set({ service: state.service }, read(state));
      },
    });
  perService("spine_upstream_calls_in_flight", "Calls sent and not ended", ({ inFlight }) => inFlight);
  perService(
    "spine_upstream_calls_waiting",
    "Calls that wait for a place or for the rate limit",
    ({ waiting }) => waiting,
  );
  perService(
    "spine_circuit_breaker_open",
    "Whether the circuit breaker of the service is open: 1 or 0",
    ({ isCircuitOpen }) => Number(isCircuitOpen),
    "max",
  );
  perService(
    "spine_practice_circuit_breakers_open",
    "Practices behind the service with an open circuit breaker",
    ({ openBackends }) => openBackends,
    "max",
  );
}

function registerUnsettledGauge(registry: Registry, { commands, clock }: MetricSources): void {
  new Gauge({
    name: "spine_unsettled_commands",
    help: "Commands whose outcome is not settled and that no request of this process waits for, by time since they were first sent",
    labelNames: ["command", "age"],
    registers: [registry],
    collect() {
      this.reset();
      for (const { kind, since } of commands.unsettled) {
        const seconds = (clock.now() - since) / 1000;
        const [, age] = AGES.find(([upTo]) => seconds < upTo) ?? [0, "over_1h"];
        this.inc({ command: kind, age });
      }
    },
  });
}

function gauge(
  registry: Registry,
  name: string,
  help: string,
  value: () => number,
  aggregator: Aggregation = "sum",
): void {
  new Gauge({
    name,
    help,
    aggregator,
    registers: [registry],
    collect() {
      this.set(value());
    },
  });
}
