import { monitorEventLoopDelay } from "node:perf_hooks";
import type { ProbeRequest, Sample } from "./messages.js";

/**
 * Loaded into the process of the server with `--require`, so that the server itself is unchanged. Reports memory and
 * event-loop delay on request. It counts unhandled rejections, which would otherwise end the process.
 */
const MEBIBYTE = 1024 * 1024;
const delay = monitorEventLoopDelay({ resolution: 5 });
delay.enable();

let unhandledRejections = 0;
process.on("unhandledRejection", (reason) => {
  unhandledRejections += 1;
  process.stderr.write(`${JSON.stringify({ msg: "unhandled rejection", reason: String(reason) })}\n`);
});
process.once("disconnect", () => process.exit(0));

let cpu = process.cpuUsage();
let at = performance.now();

process.on("message", ({ collectGarbage }: ProbeRequest) => {
  if (collectGarbage) globalThis.gc?.();
  const { rss, heapUsed, external } = process.memoryUsage();
  const spent = process.cpuUsage(cpu);
  const now = performance.now();
  const sample: Sample = {
    rssMiB: rss / MEBIBYTE,
    heapMiB: heapUsed / MEBIBYTE,
    externalMiB: external / MEBIBYTE,
    sockets: process.getActiveResourcesInfo().filter((kind) => kind === "TCPSocketWrap").length,
    loopDelayP99Ms: delay.percentile(99) / 1e6,
    loopDelayMaxMs: delay.max / 1e6,
    cpuSeconds: (spent.user + spent.system) / 1e6,
    seconds: (now - at) / 1000,
    unhandledRejections,
  };
  cpu = process.cpuUsage();
  at = now;
  delay.reset();
  process.send?.(sample);
});
