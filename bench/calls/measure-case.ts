import { randomUUID } from "node:crypto";
import type { Dependencies } from "../../src/server/dependencies.js";
import type { Answered, Graph } from "../kit/graph.js";
import { NaiveSteps } from "../kit/naive-steps.js";
import type { Counts, Upstreams } from "../upstreams/upstreams.js";
import type { Case } from "./case.js";

/** One answer: what it took, and what reached the upstreams for it. */
export interface Sample {
  readonly ms: number;
  readonly calls: Counts;
}

/** What is measured against what. */
export interface Contenders {
  readonly upstreams: Pick<Upstreams, "takeCounts">;
  /** A server that keeps nothing beyond the session: a new session finds nothing. */
  readonly forgetful: Graph;
  /** A server with the settings of every day. */
  readonly ordinary: Graph;
  readonly naive: Dependencies;
}

/** A new session each time, so nothing is cached. */
export async function measureCold({ upstreams, forgetful }: Contenders, { question }: Case): Promise<Sample> {
  await upstreams.takeCounts();
  const answer = await forgetful.ask(question, randomUUID());
  return toSample(answer, await upstreams.takeCounts());
}

/** The second time of asking, or the first after what prepares it. */
export async function measureAgain(
  { upstreams, ordinary }: Contenders,
  { question, prepare }: Case,
): Promise<Sample> {
  const session = randomUUID();
  const askFirst = () => ordinary.ask(question, session).then(() => question);
  const asked = prepare ? await prepare((one) => ordinary.ask(one, session)) : await askFirst();
  await upstreams.takeCounts();
  const answer = await ordinary.ask(asked, session);
  return toSample(answer, await upstreams.takeCounts());
}

export async function measureNaive({ upstreams, naive }: Contenders, { naive: walk }: Case): Promise<Sample> {
  await upstreams.takeCounts();
  const steps = new NaiveSteps(naive);
  const began = performance.now();
  await walk(steps);
  return toSample({ ms: performance.now() - began, logged: steps.logged }, await upstreams.takeCounts());
}

/** Counted where they arrive; searches of LDAP go past the stub, so those are counted where they were sent. */
function toSample({ ms, logged }: Pick<Answered, "ms" | "logged">, received: Counts): Sample {
  const searches = logged.filter(({ service, interaction }) => service === "SDS" && interaction === "search");
  return { ms, calls: { ...received, SDS: received.SDS + searches.length } };
}
