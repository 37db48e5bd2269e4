import { Counter, collectDefaultMetrics, Histogram, Registry } from "prom-client";
import type { CallRecord } from "../../platform/telemetry/call-log.js";
import type { ProcessFaults } from "../process-faults.js";
import { BoundedLabel } from "./bounded-label.js";
import type { OperationOutcome } from "./operation-outcome.js";

/** The metrics of a process. All labels come from closed lists: no practice, no patient, no operation text. */
export interface Metrics {
  readonly registry: Registry;
  countCall(record: CallRecord): void;
  /** Counts a request that was refused before GraphQL saw it, by reason. */
  countRefusedRequest(reason: string): void;
  countOperation(type: string, outcome: OperationOutcome, durationMs: number): void;
  countCommandAlert(alert: string, command: string): void;
  /** Counts an operation that selects a deprecated field. The coordinate (`Type.field`) must be one of the schema. */
  countDeprecatedField(coordinate: string): void;
  /** @param outcome the kind of the outcome that the caller was told, or `error`. */
  countCommandOutcome(command: string, outcome: string): void;
  countCache(cache: string, result: string): void;
  /** @param ms that a call waited for its place and its permit. */
  observeWait(service: string, ms: number): void;
}

/** The largest number of practice systems that have a name of their own in the metrics. */
const MAX_SUPPLIERS = 20;

const SECONDS = [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20];

export function createMetrics(faults?: Pick<ProcessFaults, "counts">): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const suppliers = new BoundedLabel(MAX_SUPPLIERS);
  const calls = new Histogram({
    name: "spine_upstream_call_duration_seconds",
    help: "Requests sent to each Spine service, by interaction and outcome",
    labelNames: ["service", "interaction", "outcome"],
    buckets: SECONDS,
    registers: [registry],
  });
  const practiceCalls = new Histogram({
    name: "spine_practice_call_duration_seconds",
    help: "Requests to practices, by the host of the practice system (its supplier) and outcome",
    labelNames: ["supplier", "outcome"],
    buckets: SECONDS,
    registers: [registry],
  });
  const waits = new Histogram({
    name: "spine_upstream_wait_seconds",
    help: "Time that calls waited for a place and for the rate limit before they were sent",
    labelNames: ["service"],
    buckets: SECONDS,
    registers: [registry],
  });
  const caches = new Counter({
    name: "spine_cache_requests_total",
    help: "Look-ups of cached values, by cache and result: hits, misses, or shared with a call in flight",
    labelNames: ["cache", "result"],
    registers: [registry],
  });
  const outcomes = new Counter({
    name: "spine_command_outcomes_total",
    help: "Commands by kind and by the outcome that the caller was told",
    labelNames: ["command", "outcome"],
    registers: [registry],
  });
  const operations = new Counter({
    name: "graphql_operations_total",
    help: "GraphQL operations served, by type and by outcome: ok, refused (the caller's own errors only), errors",
    labelNames: ["type", "outcome"],
    registers: [registry],
  });
  const durations = new Histogram({
    name: "graphql_operation_duration_seconds",
    help: "Time from an operation's arrival to its response",
    labelNames: ["type"],
    buckets: SECONDS,
    registers: [registry],
  });
  const alerts = new Counter({
    name: "spine_command_alerts_total",
    help: "Commands that people must look at, by what is wrong and by the kind of command",
    labelNames: ["alert", "command"],
    registers: [registry],
  });
  const deprecatedFields = new Counter({
    name: "graphql_deprecated_fields_total",
    help: "Operations that select a deprecated field, by the field",
    labelNames: ["field"],
    registers: [registry],
  });
  if (faults) registerProcessFaults(registry, faults);
  const refused = new Counter({
    name: "http_requests_refused_total",
    help: "Requests refused by admission, by reason",
    labelNames: ["reason"],
    registers: [registry],
  });
  return {
    registry,
    countRefusedRequest: (reason) => refused.inc({ reason }),
    countCall({ service, interaction, outcome, durationMs, backendHost }) {
      calls.observe({ service, interaction, outcome }, durationMs / 1000);
      if (backendHost === undefined) return;
      practiceCalls.observe({ supplier: suppliers.of(backendHost), outcome }, durationMs / 1000);
    },
    countCommandOutcome: (command, outcome) => outcomes.inc({ command, outcome }),
    countCache: (cache, result) => caches.inc({ cache, result }),
    observeWait: (service, ms) => waits.observe({ service }, ms / 1000),
    countCommandAlert(alert, command) {
      alerts.inc({ alert, command });
    },
    countDeprecatedField(field) {
      deprecatedFields.inc({ field });
    },
    countOperation(type, outcome, durationMs) {
      operations.inc({ type, outcome });
      durations.observe({ type }, durationMs / 1000);
    },
  };
}

function registerProcessFaults(registry: Registry, { counts }: Pick<ProcessFaults, "counts">): void {
  new Counter({
    name: "process_faults_total",
    help: "Errors that nothing handled, by how they reached the process. Above 0 there is a defect",
    labelNames: ["kind"],
    registers: [registry],
    collect() {
      this.reset();
      for (const [kind, count] of Object.entries(counts)) this.inc({ kind }, count);
    },
  });
}
