import { join } from "node:path";
import type { UpstreamUrls } from "../../src/server/dependencies.js";
import { startChild } from "../kit/child.js";
import type { Condition, Counts, Upstreams } from "./upstreams.js";

/** Upstreams on another core. */
export interface UpstreamProcess extends Upstreams {
  /** A port that leads to another one, at the latency of SDS. Only the stub can. */
  openSlowLine(target: number): Promise<number>;
}

/** Starts the stub or the sandbox in a process of its own. Works from the compiled benchmarks only. */
export async function startUpstreamProcess(kind: "stub" | "sandbox"): Promise<UpstreamProcess> {
  const child = startChild(join(__dirname, `${kind}-process.js`));
  const urls = await child.call<UpstreamUrls>("urls");
  return {
    urls,
    setLatencies: (latencies) => child.call("setLatencies", latencies),
    takeCounts: () => child.call<Counts>("takeCounts"),
    takeCondition: () => child.call<Condition>("takeCondition"),
    openSlowLine: (target) => child.call<number>("openSlowLine", target),
    close: () => child.stop(),
  };
}
