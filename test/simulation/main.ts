import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { cachedStatements } from "./kit/cached-statements.js";
import { runScenarios, type SimulationReport } from "./run-scenarios.js";
import { behaviourOf } from "./world/supplier-behaviour.js";

/** More failing scenarios would only repeat the first ones. */
const MAX_FAILURES = 50;
const REPORT_EVERY_MS = 30_000;

/** The long run, outside jest: `npm run simulate -- [--bookings=1000000] [--seed=long-a] [--seconds=3000] [--profile=NAME]` */
async function main(): Promise<void> {
  // Speed only: errors are outcomes here, and nobody reads their stacks.
  Error.stackTraceLimit = 0;
  cachedStatements();
  const args = process.argv.slice(2);
  const seed = optionIn("seed", args) ?? "long-a";
  const seconds = optionIn("seconds", args);
  const profile = optionIn("profile", args);
  const folder = join(process.cwd(), "var");
  mkdirSync(folder, { recursive: true });

  let reportedAt = performance.now();
  let largest = 0;
  // Written with each report, so that a run that is interrupted still counts.
  const write = ({ summary, failures }: SimulationReport): string => {
    const load = loadavg().map((one) => one.toFixed(1));
    const machine = `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? "?"}, load ${load.join(" ")}`;
    const text =
      `${summary}\n${machine}, at most ${megabytes(largest)} MB\n\n${failures.join("\n\n")}`.trim();
    writeFileSync(join(folder, `simulation-${seed}.txt`), `${text}\n`);
    return text;
  };
  const onProgress = (bookings: number, report: () => SimulationReport) => {
    largest = Math.max(largest, process.memoryUsage.rss());
    if (performance.now() - reportedAt < REPORT_EVERY_MS) return;
    reportedAt = performance.now();
    process.stderr.write(`${bookings} bookings requested, ${megabytes(process.memoryUsage.rss())} MB\n`);
    write(report());
  };
  const report = await runScenarios({
    seed,
    bookings: Number(optionIn("bookings", args) ?? 1_000_000),
    // Every practice is as the sandbox's supplier profile; else each scenario draws its own.
    ...(profile !== undefined && { practice: behaviourOf(profile) }),
    ...(seconds !== undefined && { untilMs: Number(seconds) * 1_000 }),
    maxFailures: MAX_FAILURES,
    onProgress,
  });
  process.stdout.write(`${write(report)}\n`);
  if (report.failures.length > 0) process.exitCode = 1;
}

function optionIn(name: string, args: readonly string[]): string | undefined {
  return args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);
}

function megabytes(bytes: number): string {
  return (bytes / 1_048_576).toFixed(0);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
});
