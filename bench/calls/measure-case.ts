import { randomUUID } from "node:crypto";
import type { Dependencies } from "../../src/server/dependencies.js";
import type { Graph, TimedResponse } from "../kit/graph.js";
import { NaiveSteps } from "../kit/naive-steps.js";
import type { Counts, Upstreams } from "../upstreams/upstreams.js";
import type { Case } from "./case.js";

/** One response: its duration, and the calls that reached the upstreams. */
export interface Sample {
  readonly ms: number;
  readonly calls: Counts;
}

/** The servers and clients that are compared. */
export interface Contenders {
  readonly upstreams: Pick<Upstreams, "takeCounts">;
  /** A server without a cache for the deployment: every new session starts empty. */
  readonly uncached: Graph;
  /** A server with the default settings. */
  readonly cached: Graph;
  readonly naive: Dependencies;
}

/** Uses a new session, so nothing is cached. */
export async function measureCold({ upstreams, uncached }: Contenders, { request }: Case): Promise<Sample> {
  await upstreams.takeCounts();
  const response = await uncached.send(request, randomUUID());
  return toSample(response, await upstreams.takeCounts());
}

/** Measures the second run in a session, or the first run after `prepare`. */
export async function measureAgain(
  { upstreams, cached }: Contenders,
  { request, prepare }: Case,
): Promise<Sample> {
  const session = randomUUID();
  const sendFirst = () => cached.send(request, session).then(() => request);
  const measured = prepare ? await prepare((one) => cached.send(one, session)) : await sendFirst();
  await upstreams.takeCounts();
  const response = await cached.send(measured, session);
  return toSample(response, await upstreams.takeCounts());
}

export async function measureNaive(
  { upstreams, naive }: Contenders,
  { naive: runSequence }: Case,
): Promise<Sample> {
  await upstreams.takeCounts();
  const steps = new NaiveSteps(naive);
  const began = performance.now();
  await runSequence(steps);
  return toSample({ ms: performance.now() - began, logged: steps.logged }, await upstreams.takeCounts());
}

/** Calls are counted where they arrive. LDAP searches bypass the stub and are counted where they are sent. */
function toSample({ ms, logged }: Pick<TimedResponse, "ms" | "logged">, received: Counts): Sample {
  const searches = logged.filter(({ service, interaction }) => service === "SDS" && interaction === "search");
  return { ms, calls: { ...received, SDS: received.SDS + searches.length } };
}
