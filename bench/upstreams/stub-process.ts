import { serveParent } from "../kit/child.js";
import { openSlowConnection } from "./slow-connection.js";
import { startStub } from "./stub.js";
import type { Latencies } from "./upstreams.js";

/** Runs the stub in a process of its own, so that it does not use the core of the server. */
async function main(): Promise<void> {
  const stub = await startStub();
  serveParent({
    urls: () => stub.urls,
    setLatencies: (latencies) => stub.setLatencies(latencies as Latencies),
    takeCounts: () => stub.takeCounts(),
    takeCondition: () => stub.takeCondition(),
    openSlowConnection: async (target) => {
      const line = await openSlowConnection(target as number, () => stub.latencies().SDS);
      return line.port;
    },
  });
}

void main();
