import "./kit/node-env.js";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { benchCalls } from "./calls/calls.bench.js";
import { benchCard } from "./card/card.bench.js";
import { benchPeers } from "./compare/compare.bench.js";
import { benchFlood } from "./flood/flood.bench.js";
import { publish, type Report } from "./kit/report.js";
import { outputFolder } from "./kit/repository.js";
import { verdict } from "./kit/target.js";
import { benchNationalDay } from "./national-day/national-day.bench.js";
import { benchPractices } from "./practices/practices.bench.js";
import { benchSandbox } from "./sandbox/sandbox.bench.js";
import { benchTelemetry } from "./telemetry/telemetry.bench.js";
import { benchWorkers } from "./workers/workers.bench.js";

/** In the order in which they run when no name is given. */
const BENCHES: Readonly<Record<string, (runs?: number, words?: readonly string[]) => Promise<Report>>> = {
  card: benchCard,
  calls: benchCalls,
  practices: benchPractices,
  flood: benchFlood,
  peers: benchPeers,
  workers: benchWorkers,
  telemetry: benchTelemetry,
  "national-day": benchNationalDay,
  sandbox: benchSandbox,
};

/** These take both cores for minutes, so they run only when they are named. */
const ONLY_BY_NAME = new Set(["flood", "peers", "workers", "telemetry", "national-day", "sandbox"]);

const WRITTEN_BY_RUNS = ["audit.ndjson", "server.log"];

/** `npm run bench -- [card] [calls] [practices] [flood] [peers] [workers] [telemetry] [national-day] [sandbox] [--runs=N] [--strict]`; `peers` has flags of its own */
async function main(): Promise<void> {
  const words = process.argv.slice(2);
  const names = words.filter((word) => !word.startsWith("--"));
  const unknown = names.filter((name) => !(name in BENCHES));
  if (unknown.length > 0) throw new Error(`there is no benchmark named ${unknown.join(", ")}`);
  // These files grow with every run, so each run starts without them.
  for (const file of WRITTEN_BY_RUNS) rmSync(join(outputFolder(), file), { force: true });

  const runs = runsIn(words);
  let missed = 0;
  for (const name of names.length > 0 ? names : defaultNames()) {
    const report = await BENCHES[name]?.(runs, words);
    if (!report) continue;
    publish(report);
    missed += report.targets.filter((target) => verdict(target) === "missed").length;
  }
  if (missed > 0 && words.includes("--strict")) process.exitCode = 1;
}

function defaultNames(): string[] {
  return Object.keys(BENCHES).filter((name) => !ONLY_BY_NAME.has(name));
}

function runsIn(words: readonly string[]): number | undefined {
  const text = words.find((word) => word.startsWith("--runs="))?.slice("--runs=".length);
  if (text === undefined) return undefined;
  const runs = Number(text);
  if (Number.isInteger(runs) && runs >= 1 && runs <= 1000) return runs;
  throw new Error("--runs= takes a number from 1 to 1000");
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
