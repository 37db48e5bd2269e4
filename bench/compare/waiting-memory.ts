import { setTimeout as pause } from "node:timers/promises";
import type { UpstreamUrls } from "../../src/server/dependencies.js";
import type { Child } from "../kit/child.js";
import { OURS, startContender } from "./contender.js";
import type { LoadPlan, LoadResult } from "./load.js";
import type { ProbeSample } from "./probe.js";
import { COLD_PATIENT } from "./scenarios.js";

export const OPERATIONS = 6_000;
/** Longer than it takes to send all of them on a busy machine. */
const UPSTREAM_MS = 55_000;
const OPEN_SECONDS = 15;
/** Looks, four in a second, after which no more calls are expected. */
const MAX_UNCHANGED = 12;

/** The limits raised as far as this needs, each by its setting. */
const SETTINGS = {
  MAX_CONCURRENT_OPERATIONS: "7000",
  MAX_CONNECTIONS: "8000",
  PDS_MAX_CONCURRENCY: "7000",
  PDS_TIMEOUT_MS: "200000",
  REQUEST_DEADLINE_MS: "300000",
  REQUEST_RECEIVE_TIMEOUT_MS: "60000",
};

export interface WaitingMemory {
  /** Operations whose call was held back when the memory was read. */
  readonly waiting: number;
  readonly before: ProbeSample;
  readonly during: ProbeSample;
  readonly failures: number;
}

/** Memory of this server while thousands of operations each wait for a call. Garbage is collected before both readings. */
export async function measureWaitingMemory(
  urls: UpstreamUrls,
  standIn: Child,
  generator: Child,
): Promise<WaitingMemory> {
  const server = await startContender(OURS, urls, SETTINGS);
  const plan: LoadPlan = {
    port: server.port,
    path: "/graphql",
    requests: COLD_PATIENT.graphql,
    firstRequest: 0,
    connections: 64,
    seconds: 60,
    // The young generation has its whole size afterwards, so that its growth is not counted as waiting operations.
    maxRequests: 6_000,
  };
  try {
    await generator.call<LoadResult>("sendLoad", plan);
    const before = await server.probe(true);
    await standIn.call("setLatency", UPSTREAM_MS);
    const sent = generator.call<LoadResult>("sendLoad", {
      ...plan,
      connections: OPERATIONS,
      openSeconds: OPEN_SECONDS,
      maxRequests: OPERATIONS,
    });
    const waiting = await countWaiting(standIn);
    const during = await server.probe(true);
    const { failures } = await sent;
    return { waiting, before, during, failures };
  } finally {
    await standIn.call("setLatency", 0);
    await server.stop();
  }
}

/** Waits until all operations have sent their call, or no more come. */
async function countWaiting(standIn: Child): Promise<number> {
  let waiting = 0;
  let unchanged = 0;
  while (waiting < OPERATIONS && unchanged < MAX_UNCHANGED) {
    await pause(250);
    const now = await standIn.call<number>("waiting");
    unchanged = now > waiting || now === 0 ? 0 : unchanged + 1;
    waiting = now;
  }
  return waiting;
}
