import { load } from "../kit/machine.js";
import { inShort, type Report, table } from "../kit/report.js";
import { spread, summarise } from "../kit/statistics.js";
import { type PracticeAddress, SandboxUnderLoad } from "./sandbox-under-load.js";

const RUNS = 5;
const PRACTICES = 6_250;
const PATIENTS = 800_000;
const TOUCHED = 1_000;
const CONCURRENCY = 8;
const WARM_UP = 400;
const SEARCHES = 800;
/** 400 slot searches a second on one core. */
const MOST_CPU_MS = 2.5;
const MOST_MEMORY_MB = 300;
const MOST_START_MS = 1_000;
const PLAIN_PRACTICE = "T81101";

interface Throughput {
  readonly bytes: number;
  /** Processor time of the sandbox for each search, in milliseconds, one number a run. */
  readonly cpuMs: readonly number[];
  readonly perSecond: readonly number[];
}

/** The sandbox alone: how fast it starts and searches slots, and what 1,000 practices take in memory. */
export async function benchSandbox(runs = RUNS): Promise<Report> {
  const loadBefore = load();
  const starts: number[] = [];
  for (let run = 1; run < runs; run += 1) {
    const started = await SandboxUnderLoad.start(PRACTICES, PATIENTS);
    starts.push(started.startMs);
    await started.close();
  }
  const sandbox = await SandboxUnderLoad.start(PRACTICES, PATIENTS);
  starts.push(sandbox.startMs);
  try {
    const idleMb = sandbox.memoryMb();
    const practice = await sandbox.find(PLAIN_PRACTICE);
    const plain = await measure(sandbox, practice, runs, false);
    const compressed = await measure(sandbox, practice, runs, true);
    const touchedMb = await touch(sandbox);
    const start = summarise(starts);
    return {
      name: "sandbox",
      title: "The sandbox alone",
      loadBefore,
      method: method(runs),
      results: [
        table(
          [
            "Slot search of 14 days",
            "Response, kB",
            "CPU, ms",
            "A second on one core",
            "A second, by the clock",
          ],
          [rowOf("Plain", plain), rowOf("gzip", compressed)],
        ),
        `Start: ${inShort(start)} ms. Memory: ${idleMb.toFixed(0)} MB after the start, ${touchedMb.toFixed(0)} MB after ${TOUCHED} practices were looked up and searched.`,
      ],
      targets: [
        {
          what: "CPU for each slot search",
          atMost: MOST_CPU_MS,
          measured: summarise(plain.cpuMs).p50,
          noise: spread(summarise(plain.cpuMs)),
          unit: "",
        },
        {
          what: `memory, MB, after ${TOUCHED} practices`,
          atMost: MOST_MEMORY_MB,
          measured: touchedMb,
          noise: 0,
          unit: "",
        },
        { what: "start, p50", atMost: MOST_START_MS, measured: start.p50, noise: spread(start), unit: "ms" },
      ],
    };
  } finally {
    await sandbox.close();
  }
}

function method(runs: number): string[] {
  return [
    `The sandbox runs in a process of its own, as \`npx spine-sandbox --practices ${PRACTICES} --patients ${PATIENTS}\` starts it. The slot searches of a plain practice go through the proxy, ${CONCURRENCY} at a time, ${SEARCHES} a run after ${WARM_UP} unmeasured ones. Proxy and practice share the process, so a search is two requests to it.`,
    `${runs} runs. The rate on one core is calculated from the processor time of the process, which other load on the machine changes less than the clock.`,
  ];
}

function rowOf(name: string, { bytes, cpuMs, perSecond }: Throughput): string[] {
  const cpu = summarise(cpuMs);
  return [
    name,
    (bytes / 1000).toFixed(0),
    inShort(cpu, 2),
    (1000 / cpu.p50).toFixed(0),
    inShort(summarise(perSecond)),
  ];
}

async function measure(
  sandbox: SandboxUnderLoad,
  practice: PracticeAddress,
  runs: number,
  isCompressed: boolean,
): Promise<Throughput> {
  const search = await sandbox.slotSearch(isCompressed);
  await repeat(WARM_UP, () => search(practice));
  const cpuMs: number[] = [];
  const perSecond: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const cpuBefore = sandbox.cpuMs();
    const startedAt = performance.now();
    await repeat(SEARCHES, () => search(practice));
    perSecond.push((SEARCHES * 1000) / (performance.now() - startedAt));
    cpuMs.push((sandbox.cpuMs() - cpuBefore) / SEARCHES);
  }
  return { bytes: await search(practice), cpuMs, perSecond };
}

/** Looks up and searches generated practices. @returns the memory of the sandbox afterwards, in MB. */
async function touch(sandbox: SandboxUnderLoad): Promise<number> {
  const search = await sandbox.slotSearch(false);
  let next = 90_000;
  await repeat(TOUCHED, async () => {
    const odsCode = `T${next}`;
    next += 1;
    await search(await sandbox.find(odsCode));
  });
  return sandbox.memoryMb();
}

async function repeat(times: number, work: () => Promise<unknown>): Promise<void> {
  let left = times;
  const worker = async () => {
    for (; left > 0; ) {
      left -= 1;
      await work();
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
}
