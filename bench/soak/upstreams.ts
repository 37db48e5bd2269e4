import { startSandbox } from "../../src/sandbox/index.js";
import type { PopulationSize } from "../../src/sandbox/population/population.js";
import type { UpstreamsRequest, UpstreamsResponse } from "./messages.js";

/** Runs the sandbox in a process of its own, so that its work does not count as the server's. Messages set the faults. */
async function main(): Promise<void> {
  const population = JSON.parse(process.argv[2] ?? "null") as PopulationSize | null;
  const sandbox = await startSandbox(population === null ? {} : { population });
  const say = (word: UpstreamsResponse) => process.send?.(word);
  process.on("message", (order: UpstreamsRequest) => {
    if (order.kind === "stop") return void stop();
    sandbox.faults.clear();
    for (const fault of order.faults) sandbox.faults.add(fault);
    say({ kind: "done" });
  });
  const stop = async () => {
    await sandbox.close();
    process.disconnect?.();
  };
  // The parent process has ended, so this one must end too.
  process.once("disconnect", () => process.exit(0));
  say({ kind: "ready", pds: sandbox.pdsUrl, sds: sandbox.sdsUrl, ssp: sandbox.sspUrl });
}

void main();
