import { startSandbox } from "../../src/sandbox/index.js";
import { serveParent } from "../kit/child.js";
import { Gauge } from "./gauge.js";
import { type Latencies, SERVICES, type Service } from "./upstreams.js";

/** Runs the sandbox in a process of its own. Its faults set the latencies. */
async function main(): Promise<void> {
  const sandbox = await startSandbox();
  const gauge = new Gauge();
  let seen = 0;
  // A proxied request is recorded at the proxy and at the practice, but was sent once.
  const countNew = () => {
    for (const { service } of sandbox.requests.slice(seen)) if (isCounted(service)) gauge.count(service);
    seen = sandbox.requests.length;
  };
  serveParent({
    urls: () => ({ pds: sandbox.pdsUrl, sds: sandbox.sdsUrl, ssp: sandbox.sspUrl }),
    setLatencies: (argument) => {
      const latencies = argument as Latencies;
      sandbox.faults.clear();
      for (const service of SERVICES) {
        if (latencies[service] > 0) sandbox.faults.add({ service, kind: { delayMs: latencies[service] } });
      }
    },
    takeCounts: () => {
      countNew();
      return gauge.takeCounts();
    },
    takeCondition: () => {
      countNew();
      return gauge.takeCondition();
    },
  });
}

function isCounted(service: string): service is Service {
  return SERVICES.some((known) => known === service);
}

void main();
