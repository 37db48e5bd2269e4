import { serveParent } from "../kit/child.js";
import { startStandIn } from "./stand-in.js";

/** Runs the stand-in in a process of its own, so that its work is not counted as the work of a service. */
async function main(): Promise<void> {
  const standIn = await startStandIn();
  serveParent({
    urls: () => standIn.urls,
    setSlots: (count) => standIn.setSlots(count as number),
    setLatency: (ms) => standIn.setLatency(ms as number),
    waiting: () => standIn.waiting(),
    takeCalls: () => standIn.takeCalls(),
  });
}

void main();
