import { startSandbox } from "../../src/sandbox/index.js";
import type { UpstreamsOrder, UpstreamsWord } from "./messages.js";

/** The sandbox in a process of its own, so that its work is not the product's. Faults come and go by message. */
async function main(): Promise<void> {
  const sandbox = await startSandbox();
  const say = (word: UpstreamsWord) => process.send?.(word);
  process.on("message", (order: UpstreamsOrder) => {
    if (order.kind === "stop") return void stop();
    sandbox.faults.clear();
    for (const fault of order.faults) sandbox.faults.add(fault);
    say({ kind: "done" });
  });
  const stop = async () => {
    await sandbox.close();
    process.disconnect?.();
  };
  // Whoever started us is gone: nothing may be left behind.
  process.once("disconnect", () => process.exit(0));
  say({ kind: "ready", pds: sandbox.pdsUrl, sds: sandbox.sdsUrl, ssp: sandbox.sspUrl });
}

void main();
