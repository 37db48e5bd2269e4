import { join } from "node:path";
import type { UpstreamUrls } from "../../src/server/dependencies.js";
import { startChild } from "../kit/child.js";
import type { Condition, Counts, Upstreams } from "./upstreams.js";

/** Upstreams in another process. */
export interface UpstreamProcess extends Upstreams {
  /** Opens a port that forwards to another one with the latency of SDS. Only the stub supports it. */
  openSlowConnection(target: number): Promise<number>;
}

/** Starts the stub or the sandbox in a process of its own. Needs the compiled benchmarks. */
export async function startUpstreamProcess(kind: "stub" | "sandbox"): Promise<UpstreamProcess> {
  const child = startChild(join(__dirname, `${kind}-process.js`));
  const urls = await child.call<UpstreamUrls>("urls");
  return {
    urls,
    setLatencies: (latencies) => child.call("setLatencies", latencies),
    takeCounts: () => child.call<Counts>("takeCounts"),
    takeCondition: () => child.call<Condition>("takeCondition"),
    openSlowConnection: (target) => child.call<number>("openSlowConnection", target),
    close: () => child.stop(),
  };
}
