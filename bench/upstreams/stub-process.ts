import { serveParent } from "../kit/child.js";
import { openSlowLine } from "./slow-line.js";
import { startStub } from "./stub.js";
import type { Latencies } from "./upstreams.js";

/** The stub in a process of its own, so that it does not take the server's core. */
async function main(): Promise<void> {
  const stub = await startStub();
  serveParent({
    urls: () => stub.urls,
    setLatencies: (latencies) => stub.setLatencies(latencies as Latencies),
    takeCounts: () => stub.takeCounts(),
    takeCondition: () => stub.takeCondition(),
    openSlowLine: async (target) => {
      const line = await openSlowLine(target as number, () => stub.latencies().SDS);
      return line.port;
    },
  });
}

void main();
