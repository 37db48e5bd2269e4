import type { Log } from "./log.js";
import { NO_TRACING, type Tracing } from "./tracing.js";

/** Where traces go. */
export interface TracingOptions {
  /** The collector's base URL for OTLP over HTTP. Left out: nothing is recorded. */
  readonly endpoint: string | undefined;
  readonly serviceName: string;
  readonly log: Pick<Log, "info" | "warn">;
}

/** Creates the tracing of this process. Without an endpoint, OpenTelemetry's SDK is not loaded. */
export async function createTracing({ endpoint, ...rest }: TracingOptions): Promise<Tracing> {
  if (endpoint === undefined) return NO_TRACING;
  const { createOtlpTracing } = await import("./otlp-tracing.js");
  return createOtlpTracing({ endpoint, ...rest });
}
