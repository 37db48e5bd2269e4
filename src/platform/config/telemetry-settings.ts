import { z } from "zod";
import { share, text, url } from "./setting-fields.js";

/** Where traces are sent. The names are OpenTelemetry's. */
export const telemetrySettings = {
  /** The base URL of a collector that accepts OTLP over HTTP. Left out: nothing is traced. */
  OTEL_EXPORTER_OTLP_ENDPOINT: url().optional(),
  OTEL_SERVICE_NAME: text.default("spine-graph"),
  /** A caller's `traceparent` decides for its request. This decides for requests without one: all, or a share of them. */
  OTEL_TRACES_SAMPLER: z
    .enum(["parentbased_always_on", "parentbased_traceidratio"])
    .default("parentbased_always_on"),
  /** The share of `parentbased_traceidratio`, from 0 to 1. */
  OTEL_TRACES_SAMPLER_ARG: share.default(1),
};
