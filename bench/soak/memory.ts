import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { generatedPatients, type StepResult, startEncounters } from "./encounters.js";
import { type MemorySample, toMemoryReport } from "./memory-report.js";
import { seeded } from "./numbers.js";
import { startSide } from "./side.js";

/**
 * The memory soak: one server under a steady load of encounters, each with a new session and a new patient. Memory and
 * sockets must level off.
 *
 *     npx tsc -p bench/soak && node var/bench-build/bench/soak/memory.js
 */
const setting = (name: string, initial: number) => Number(process.env[name] ?? initial);
const SEED = setting("SOAK_SEED", 20_261_128);
const SECONDS = setting("SOAK_SECONDS", 3_600);
const PER_SECOND = setting("SOAK_PER_SECOND", 56);
const PATIENTS = setting("SOAK_PATIENTS", 200_000);
const PRACTICES = setting("SOAK_PRACTICES", 2_000);
const SAMPLE_SECONDS = setting("SOAK_SAMPLE_SECONDS", 10);
const RAMP_MS = Math.min(60_000, SECONDS * 100);

async function main(): Promise<void> {
  // The test always ends, and its processes end with it.
  setTimeout(() => process.exit(2), (SECONDS * 1.2 + 120) * 1000).unref();
  const folder = join(process.cwd(), "var", "soak");
  mkdirSync(folder, { recursive: true });
  const stamp = `${new Date().toISOString().replace(/[:.]/g, "-")}-memory`;
  const database = join(folder, `${stamp}.db`);
  const auditFile = join(folder, `${stamp}-audit.ndjson`);
  const side = await startSide({
    auditFile,
    population: { patients: PATIENTS, practices: PRACTICES },
    // A store in memory would grow with each booking, as it should.
    environment: { DATABASE_URL: `file:${database}` },
  });
  const steps: StepResult[] = [];
  const encounters = startEncounters({
    url: side.url,
    perSecond: PER_SECOND,
    rampMs: RAMP_MS,
    random: seeded(SEED),
    patients: generatedPatients(PATIENTS),
    receive: (result) => steps.push(result),
  });
  const begunAt = performance.now();
  const loadBefore = loadavg()[0] ?? 0;
  await side.sample();
  const samples: MemorySample[] = [];
  const report = (head: readonly string[]) => {
    const text = toMemoryReport({ head, samples, steps });
    writeFileSync(join(folder, `${stamp}.md`), `${text.markdown}\n`);
    writeFileSync(join(folder, `${stamp}.svg`), text.svg);
    writeFileSync(join(folder, `${stamp}.json`), JSON.stringify(samples));
    return text.markdown;
  };
  const summary = () => [
    `Machine: ${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}; load average ${loadBefore.toFixed(1)} → ${(loadavg()[0] ?? 0).toFixed(1)}`,
    `Load: ${PER_SECOND} encounters a second, ${PATIENTS} patients, ${PRACTICES} practices, seed ${SEED}; ${encounters.count()} encounters begun in ${Math.round((performance.now() - begunAt) / 1000)} s; error lines in the log: ${side.errors.length}`,
    ...side.errors.slice(0, 5),
  ];
  while (performance.now() - begunAt < SECONDS * 1000) {
    await new Promise((resolve) => setTimeout(resolve, SAMPLE_SECONDS * 1000));
    const sample = await side.sample();
    samples.push({ ...sample, minute: (performance.now() - begunAt) / 60_000 });
    // Written as it goes, so that an aborted run has a report too.
    if (samples.length % 6 === 0) report([...summary(), "The run has not ended."]);
    process.stderr.write(
      `${samples.length} rss ${sample.rssMiB.toFixed(0)} heap ${sample.heapMiB.toFixed(0)} cpu ${((100 * sample.cpuSeconds) / sample.seconds).toFixed(0)} % steps ${steps.length}\n`,
    );
  }
  const head = summary();
  await encounters.stop();
  const rest = await side.sample(true);
  head.push(
    `After the load and a garbage collection: RSS ${rest.rssMiB.toFixed(0)} MiB, heap ${rest.heapMiB.toFixed(1)} MiB, ${rest.sockets} sockets`,
  );
  await side.stop();
  process.stdout.write(`${report(head)}\n`);
  for (const file of [database, `${database}-wal`, `${database}-shm`, auditFile])
    rmSync(file, { force: true });
}

main().then(
  // Open channels to child processes would keep this process alive.
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
  },
);
