import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { startLoad } from "./load.js";
import { seeded } from "./numbers.js";
import { FAULTS } from "./operations.js";
import { type PhasePlan, type Runner, runPhase } from "./phases.js";
import { type PhasePair, toReport } from "./report.js";
import { startSide } from "./side.js";

/**
 * The soak test: one practice hangs and the practices of one supplier fail; calls to all others must not become slower.
 * Two servers run in parallel under the same load with separate upstreams: the subject has the faults, the control has
 * none and shows how the machine affects the numbers.
 *
 *     npx tsc -p bench/soak && node var/bench-build/bench/soak/main.js
 */
const setting = (name: string, initial: number) => Number(process.env[name] ?? initial);
const SEED = setting("SOAK_SEED", 20_261_123);
const PER_SECOND = setting("SOAK_PER_SECOND", 25);
const FAULT_SECONDS = setting("SOAK_SECONDS", 600);
const QUIET_SECONDS = setting("SOAK_QUIET_SECONDS", 150);
const WARM_UP_SECONDS = setting("SOAK_WARM_UP_SECONDS", 60);
/** Longer than a circuit breaker stays open and than a hanging call lasts. */
const RECOVERY_SECONDS = setting("SOAK_RECOVERY_SECONDS", 30);

const PLAN: readonly PhasePlan[] = [
  { kind: "warm-up", seconds: WARM_UP_SECONDS, faults: [] },
  { kind: "quiet", seconds: QUIET_SECONDS, faults: [] },
  { kind: "faults", seconds: FAULT_SECONDS, faults: FAULTS },
  { kind: "recovery", seconds: RECOVERY_SECONDS, faults: [] },
  { kind: "quiet", seconds: QUIET_SECONDS, faults: [] },
];

async function main(): Promise<void> {
  const whole = PLAN.reduce((sum, { seconds }) => sum + seconds, 0);
  // The test always ends, and its processes end with it. A busy machine may need longer than planned.
  setTimeout(() => process.exit(2), (whole * 1.5 + 120) * 1000).unref();
  const folder = join(process.cwd(), "var", "soak");
  mkdirSync(folder, { recursive: true });
  const stamp = new Date().toISOString().replace(/[:.]/g, "-");
  const [subject, control] = await Promise.all([
    startRunner(join(folder, `${stamp}-subject-audit.ndjson`), 1),
    startRunner(join(folder, `${stamp}-control-audit.ndjson`), 2),
  ]);
  const loadBefore = loadavg();
  const ownDelay = monitorEventLoopDelay({ resolution: 5 });
  ownDelay.enable();
  const phases: PhasePair[] = [];
  for (const plan of PLAN) {
    process.stderr.write(`${new Date().toISOString()} ${plan.kind}, ${plan.seconds} s\n`);
    const [bySubject, byControl] = await Promise.all([
      runPhase(subject, plan),
      runPhase(control, { ...plan, faults: [] }),
    ]);
    phases.push({ kind: plan.kind, seconds: plan.seconds, subject: bySubject, control: byControl });
    // Written after each phase, so that an aborted run has a report too.
    writeFileSync(join(folder, `${stamp}.md`), `${toReport(phases)}\n`);
  }
  await Promise.all([subject.load.stop(), control.load.stop()]);
  const errors = [...subject.side.errors, ...control.side.errors];
  await Promise.all([subject.side.stop(), control.side.stop()]);
  const report = [
    `Machine: ${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}; load average ${words(loadBefore)} → ${words(loadavg())}`,
    `Load: ${PER_SECOND} operations a second on each server, seed ${SEED}; error lines in the logs: ${errors.length}`,
    `Of the measuring process itself: loop delay p99 ${(ownDelay.percentile(99) / 1e6).toFixed(1)} ms, max ${(ownDelay.max / 1e6).toFixed(0)} ms`,
    ...errors.slice(0, 5),
    toReport(phases),
  ].join("\n");
  writeFileSync(join(folder, `${stamp}.md`), `${report}\n`);
  process.stdout.write(`${report}\n`);
}

async function startRunner(auditFile: string, offset: number): Promise<Runner> {
  const side = await startSide({ auditFile });
  const load = startLoad({
    url: side.url,
    perSecond: PER_SECOND,
    rampMs: (WARM_UP_SECONDS * 1000) / 2,
    random: seeded(SEED + offset),
    name: `soak-${offset}`,
  });
  return { side, load };
}

function words(load: readonly number[]): string {
  return load.map((each) => each.toFixed(1)).join(" ");
}

main().then(
  // Open channels to child processes would keep this process alive.
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
  },
);
