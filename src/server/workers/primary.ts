import cluster, { type Worker } from "node:cluster";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PrimaryCache } from "../../platform/cache/primary-cache.js";
import { systemClock } from "../../platform/clock.js";
import type { Config } from "../../platform/config/config.js";
import { workerCount } from "../../platform/config/worker-settings.js";
import { IpcChannel } from "../../platform/ipc/ipc-channel.js";
import { PrimaryRateLimits } from "../../platform/resilience/primary-rate-limit.js";
import { withTimeout } from "../../platform/resilience/wait.js";
import type { Log } from "../../platform/telemetry/log.js";
import { LocalCounter } from "../admission/request-counter.js";
import type { MetricValues, PrimaryCalls, WorkerCalls, WorkerSetup } from "./calls.js";
import { closeConnectionInHand } from "./connections-in-hand.js";
import { MetricsSum } from "./metrics-sum.js";
import { createPrimaryMetrics } from "./primary-metrics.js";
import { reservePort } from "./reserve-port.js";
import { Supervisor, type WorkerProcess } from "./supervisor.js";

/** A worker that does not give its metrics in time is counted as it was last reported. */
const METRICS_TIMEOUT_MS = 2_000;
/** Number of the primary among the processes whose metrics are summed. Workers count from 1. */
const PRIMARY = 0;

export interface PrimaryOptions {
  readonly config: Config;
  readonly log: Log;
  /** Starts what all workers use together. A worker waits for it. */
  readonly prepare: () => Promise<Pick<WorkerSetup, "urls" | "personas">>;
  /** Called when the workers cannot be kept running. */
  readonly onFailed: (error: Error) => void;
}

interface ConnectedWorker extends WorkerProcess {
  readonly channel: IpcChannel<WorkerCalls, PrimaryCalls>;
}

export interface RunningPrimary {
  readonly port: number;
  /** Lets all workers end their work, and resolves when they have ended. */
  close(limitMs: number): Promise<void>;
}

/**
 * Runs the workers of this process, and holds what they share unless Redis does: cached values, sessions and budgets.
 * Resolves once all workers listen.
 */
export async function startPrimary({
  config,
  log,
  prepare,
  onFailed,
}: PrimaryOptions): Promise<RunningPrimary> {
  const count = workerCount(config);
  const temporary = config.DATABASE_URL === undefined ? createTemporaryStore() : undefined;
  const secrets = { idSecret: createSecret(), cacheSecret: createSecret() };
  const prepared = prepare();
  const reserved = config.PORT === 0 ? await reservePort(config.HOST) : undefined;
  const port = reserved?.number ?? config.PORT;

  const limits = new PrimaryRateLimits();
  const requests = new LocalCounter(systemClock);
  const cache = new PrimaryCache((key, changedBy) => {
    for (const { id, channel } of supervisor.workers) if (id !== changedBy) channel.notify("forget", key);
  });
  const metrics = new MetricsSum();
  const sumMetrics = async () => {
    const values = new Map<number, MetricValues | undefined>([[PRIMARY, await own.getMetricsAsJSON()]]);
    await Promise.all(
      supervisor.ready.map(async ({ id, channel }) => {
        const read = withTimeout(channel.call("metrics"), METRICS_TIMEOUT_MS, () => new Error("no metrics"));
        values.set(id, await read.catch(() => undefined));
      }),
    );
    return metrics.toText(values);
  };

  const callsOf = (id: number): PrimaryCalls => ({
    ...cache.callsOf(id),
    setup: async () => ({ ...(await prepared), ...secrets, databaseUrl: temporary?.url }),
    takePort: async () => {
      await reserved?.release();
      return port;
    },
    ready: () => supervisor.markReady(id),
    takePermit: (service, rateLimit) => limits.take(service, rateLimit),
    countRequest: (key) => requests.increment(key),
    sumMetrics,
    reportHealth: (service, status) => {
      for (const { id: other, channel } of supervisor.workers) {
        if (other !== id) channel.notify("adoptHealth", service, status);
      }
    },
  });

  const supervisor: Supervisor<ConnectedWorker> = new Supervisor({
    count,
    log,
    fork: () => connect(cluster.fork(), callsOf),
    onExit: ({ id, channel }) => {
      channel.close();
      metrics.end(id);
    },
    onChange: ({ areReady, leader }) => {
      for (const worker of supervisor.workers) {
        worker.channel.notify("setState", { areReady, isLeader: worker === leader });
      }
    },
  });
  const own = createPrimaryMetrics(supervisor);
  const close = async (limitMs: number) => {
    await supervisor.stop(limitMs);
    cache.close();
    temporary?.remove();
  };

  // What `prepare` throws ends the start; the workers wait for it in vain.
  const failed = new Promise<never>((_resolve, reject) => prepared.catch(reject));
  await Promise.race([supervisor.start((error) => void close(0).finally(() => onFailed(error))), failed]);
  return { port, close };
}

function connect(worker: Worker, callsOf: (id: number) => PrimaryCalls): ConnectedWorker {
  const port = {
    send: (message: unknown) => {
      if (worker.isConnected()) worker.send(message as object, () => {});
    },
    onMessage: (listen: (message: unknown) => void) => void worker.on("message", listen),
  };
  closeConnectionInHand(worker);
  // A message to a worker that has just ended fails. Its end is noticed by itself.
  worker.on("error", () => {});
  return {
    id: worker.id,
    channel: new IpcChannel<WorkerCalls, PrimaryCalls>(port, callsOf(worker.id)),
    onExit: (listen) => void worker.once("exit", listen),
    kill: (signal) => void worker.process.kill(signal),
  };
}

/** The sandbox's store in a file that all workers open. It is gone with the primary, like the sandbox's own state. */
function createTemporaryStore(): { readonly url: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), "spine-graph-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once("exit", remove);
  return { url: `file:${join(folder, "store.db")}`, remove };
}

const createSecret = () => randomBytes(32).toString("base64url");
