import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { runStories } from "./run-stories.js";

/** Broken stories of which more would only repeat what the first have told. */
const MOST_FAILURES = 10;
const TELL_EVERY_MS = 30_000;

/** The long run, outside jest: `npm run simulate -- [--bookings=1000000] [--seed=long-a] [--seconds=3000]` */
async function main(): Promise<void> {
  const words = process.argv.slice(2);
  const seed = optionIn("seed", words) ?? "long-a";
  const seconds = optionIn("seconds", words);
  const folder = join(process.cwd(), "var");
  mkdirSync(folder, { recursive: true });

  let told = performance.now();
  let largest = 0;
  const progress = (asked: number) => {
    largest = Math.max(largest, process.memoryUsage.rss());
    if (performance.now() - told < TELL_EVERY_MS) return;
    told = performance.now();
    process.stderr.write(`${asked} bookings asked for, ${megabytes(process.memoryUsage.rss())} MB\n`);
  };
  const { failures, summary } = await runStories({
    seed,
    bookings: Number(optionIn("bookings", words) ?? 1_000_000),
    ...(seconds !== undefined && { untilMs: Number(seconds) * 1_000 }),
    mostFailures: MOST_FAILURES,
    progress,
  });
  const load = loadavg().map((one) => one.toFixed(1));
  const machine = `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? "?"}, load ${load.join(" ")}`;
  const text = `${summary}\n${machine}, at most ${megabytes(largest)} MB\n\n${failures.join("\n\n")}`.trim();
  writeFileSync(join(folder, `simulation-${seed}.txt`), `${text}\n`);
  process.stdout.write(`${text}\n`);
  if (failures.length > 0) process.exitCode = 1;
}

function optionIn(name: string, words: readonly string[]): string | undefined {
  return words.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3);
}

function megabytes(bytes: number): string {
  return (bytes / 1_048_576).toFixed(0);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
});
