import { randomUUID } from "node:crypto";
import { HttpClient } from "../../platform/http/http-client.js";
import type { Log } from "../../platform/telemetry/log.js";
import { type MetricFamily, toOtlpMetrics } from "./otlp-metric-points.js";

const EXPORT_EVERY_MS = 60_000;
/** A collector that takes longer than this loses the export; the next one has the same totals. */
const EXPORT_TIMEOUT_MS = 3_000;
/** Shutdown waits no longer for the collector. */
const CLOSE_TIMEOUT_MS = 1_500;

export interface OtlpMetricsOptions {
  /** The collector's base URL for OTLP over HTTP. */
  readonly endpoint: string;
  readonly serviceName: string;
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
  /** The current values of all metrics of this process. */
  readonly collect: () => Promise<readonly MetricFamily[]>;
  readonly log: Pick<Log, "info" | "warn">;
}

export interface OtlpMetrics {
  /** Sends the last values, within a bounded time, and never rejects. */
  close(): Promise<void>;
}

/** Sends the metrics of `/metrics` to a collector every minute, by OTLP over HTTP with JSON. Nothing waits for it. */
export function startOtlpMetrics(options: OtlpMetricsOptions): OtlpMetrics {
  const { endpoint, serviceName, now, collect, log } = options;
  const http = new HttpClient({ connectionsPerOrigin: 1 });
  const startedAt = now();
  // Random, so that it names no host.
  const instanceId = randomUUID();
  let isFailing = false;
  const send = async (timeoutMs: number) => {
    const hasFailed = await post(timeoutMs).then(
      () => false,
      () => true,
    );
    // The collector's own words are not logged.
    if (hasFailed && !isFailing) log.warn("metrics cannot be sent to OTEL_EXPORTER_OTLP_ENDPOINT");
    if (!hasFailed && isFailing) log.info("metrics are sent again");
    isFailing = hasFailed;
  };
  const post = async (timeoutMs: number) => {
    const body = toOtlpMetrics(await collect(), { serviceName, instanceId, startedAt, now: now() });
    const { status } = await http.request({
      method: "POST",
      url: `${endpoint}/v1/metrics`,
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      timeoutMs,
    });
    if (status >= 300) throw new Error(`status ${status}`);
  };
  const timer = setInterval(() => void send(EXPORT_TIMEOUT_MS), EXPORT_EVERY_MS).unref();
  return {
    async close() {
      clearInterval(timer);
      await send(CLOSE_TIMEOUT_MS);
      await http.close();
    },
  };
}
