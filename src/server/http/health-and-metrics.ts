import fastify, { type FastifyInstance } from "fastify";
import type { AuditWriter } from "../../platform/audit/index.js";
import type { Config } from "../../platform/config/config.js";
import type { Log } from "../../platform/telemetry/log.js";
import type { Metrics } from "../metrics/metrics.js";
import { requiresAuditForQueries } from "../plugins/confirm-audit.plugin.js";
import type { UpstreamHealth } from "../upstream-health.js";
import type { WorkerGroup } from "../worker-group.js";
import type { Drain } from "./drain.js";
import { registerSecurityHeaders } from "./response-headers.js";

export interface HealthAndMetricsOptions {
  readonly config: Config;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly health: UpstreamHealth;
  readonly auditWriter: Pick<AuditWriter, "canConfirm" | "isStoreUp">;
  readonly workers?: Pick<WorkerGroup, "areReady" | "sumMetrics"> | undefined;
  readonly drain: Drain;
  /** The addresses of the embedded sandbox, which is on this machine. Undefined without it. */
  readonly sandboxUrls: Readonly<Record<string, string>> | undefined;
}

/**
 * Serves `/health/*` and `/metrics`. With `METRICS_PORT`, `/metrics` moves to that port, and health is served on both
 * ports. The second port opens and closes together with the first.
 */
export function registerHealthAndMetrics(app: FastifyInstance, options: HealthAndMetricsOptions): void {
  const { config, log } = options;
  registerHealth(app, options);
  if (config.METRICS_PORT === undefined) {
    registerMetrics(app, options);
    return;
  }
  const own = fastify({ forceCloseConnections: true });
  registerSecurityHeaders(own);
  registerHealth(own, options);
  registerMetrics(own, options);
  app.addHook("onListen", async () => {
    const url = await own.listen({ host: config.HOST, port: config.METRICS_PORT ?? 0 });
    log.info({ port: Number(new URL(url).port) }, "metrics are served on a port of their own");
  });
  app.addHook("onClose", () => own.close());
}

function registerHealth(app: FastifyInstance, options: HealthAndMetricsOptions): void {
  const { health, auditWriter, config, workers, drain, sandboxUrls: sandbox } = options;
  app.get("/health/live", () => ({ status: "ok" }));
  app.get("/health/ready", async (_request, reply) => {
    if (drain.isLeaving()) return reply.code(503).send({ status: "leaving" });
    const canConfirm = !requiresAuditForQueries(config) || (await auditWriter.canConfirm("query"));
    const isReady = canConfirm && (workers?.areReady ?? true);
    const store = (await auditWriter.isStoreUp()) ? "up" : "down";
    reply.code(isReady ? 200 : 503);
    return { status: isReady ? "ok" : "unavailable", upstreams: health.upstreams, store, sandbox };
  });
}

function registerMetrics(app: FastifyInstance, { metrics, workers }: HealthAndMetricsOptions): void {
  const { registry } = metrics;
  app.get("/metrics", async (_request, reply) =>
    reply.type(registry.contentType).send(await (workers?.sumMetrics() ?? registry.metrics())),
  );
}
