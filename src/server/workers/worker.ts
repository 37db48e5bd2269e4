import cluster from "node:cluster";
import { WorkerCacheStore } from "../../platform/cache/primary-cache.js";
import type { Config } from "../../platform/config/config.js";
import { toWorkerLimits, workerCount } from "../../platform/config/worker-settings.js";
import { IpcChannel } from "../../platform/ipc/ipc-channel.js";
import { PrimaryRateLimiter } from "../../platform/resilience/primary-rate-limit.js";
import type { PrimaryShare } from "../primary-share.js";
import type { WorkerGroup, WorkerParts } from "../worker-group.js";
import type { GroupState, PrimaryCalls, WorkerCalls, WorkerSetup } from "./calls.js";

/** What this worker has from its primary. */
export interface JoinedWorker {
  /** The settings, with this worker's part of the limits and the store that the primary chose. */
  readonly config: Config;
  readonly setup: WorkerSetup;
  readonly share: PrimaryShare;
  readonly group: WorkerGroup;
  /** The port on which all workers listen. This one must listen on it at once. */
  takePort(): Promise<number>;
  /** Tells the primary that this worker listens. */
  ready(): void;
}

/** True in a worker process. */
export const isWorker: boolean = cluster.isWorker;

/** Connects this process to its primary, and waits until that has prepared what all workers use. */
export async function joinPrimary(config: Config): Promise<JoinedWorker> {
  let state: GroupState = { areReady: false, isLeader: false };
  let parts: WorkerParts | undefined;
  const port = {
    send: (message: unknown) => {
      if (process.connected) process.send?.(message, undefined, undefined, () => {});
    },
    onMessage: (listen: (message: unknown) => void) => void process.on("message", listen),
  };
  const primary = new IpcChannel<PrimaryCalls, WorkerCalls>(port, {
    setState: (now) => {
      state = now;
    },
    forget: (key) => cache.forget(key),
    metrics: async () => (await parts?.registry.getMetricsAsJSON()) ?? [],
    adoptHealth: (service, status) => parts?.health.adopt(service, status),
  });
  const cache = new WorkerCacheStore({
    get: (key) => primary.call("cacheGet", key),
    set: (key, text, ttlMs) => primary.call("cacheSet", key, text, ttlMs),
    delete: (key) => primary.call("cacheDelete", key),
  });
  const setup = await primary.call("setup");
  const { idSecret, cacheSecret, databaseUrl = config.DATABASE_URL } = setup;
  return {
    config: {
      ...toWorkerLimits(config, workerCount(config)),
      DATABASE_URL: databaseUrl,
    },
    setup,
    share: {
      idSecret,
      cacheSecret,
      cache,
      requests: { increment: (key) => primary.call("countRequest", key) },
      createRateLimiter: (service, rateLimit) =>
        new PrimaryRateLimiter(() => primary.call("takePermit", service, rateLimit)),
    },
    group: {
      get areReady() {
        return state.areReady;
      },
      get isLeader() {
        return state.isLeader;
      },
      join(given) {
        parts = given;
        given.health.onChange = (service, status) => primary.notify("reportHealth", service, status);
      },
      sumMetrics: () => primary.call("sumMetrics"),
    },
    takePort: () => primary.call("takePort"),
    ready: () => primary.notify("ready"),
  };
}
