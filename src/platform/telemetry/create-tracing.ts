import type { Log } from "./log.js";
import { NO_TRACING, type Tracing } from "./tracing.js";

/** The settings of OpenTelemetry, by their names. */
export interface TracingSettings {
  /** The collector's base URL for OTLP over HTTP. Undefined: nothing is recorded. */
  readonly OTEL_EXPORTER_OTLP_ENDPOINT?: string | undefined;
  readonly OTEL_SERVICE_NAME: string;
  readonly OTEL_TRACES_SAMPLER: "parentbased_always_on" | "parentbased_traceidratio";
  readonly OTEL_TRACES_SAMPLER_ARG: number;
}

/** Creates the tracing of this process. Without an endpoint, OpenTelemetry's SDK is not loaded. */
export async function createTracing(
  settings: TracingSettings,
  log: Pick<Log, "info" | "warn">,
): Promise<Tracing> {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_SERVICE_NAME: serviceName } = settings;
  if (endpoint === undefined) return NO_TRACING;
  const { createOtlpTracing } = await import("./otlp-tracing.js");
  const { OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: ratio } = settings;
  const recordedShare = sampler === "parentbased_traceidratio" ? ratio : 1;
  return createOtlpTracing({ endpoint, serviceName, recordedShare, log });
}
