import { text, url } from "./setting-fields.js";

/** Where traces are sent. The names are OpenTelemetry's. */
export const telemetrySettings = {
  /** The base URL of a collector that accepts OTLP over HTTP. Left out: nothing is traced. */
  OTEL_EXPORTER_OTLP_ENDPOINT: url().optional(),
  OTEL_SERVICE_NAME: text.default("spine-graph"),
};
