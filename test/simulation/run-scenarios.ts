import { checkHistory } from "./checker/check-history.js";
import { runScenario } from "./run-scenario.js";
import { createScenario, type Scenario } from "./scenario.js";
import { describeFailure, nameFailure, shrinkScenario } from "./shrink-scenario.js";

/** Requests in one scenario: enough to interfere with one another, and few enough to read. */
const REQUESTS_PER_SCENARIO = 100;

/** To shrink a scenario takes up to two hundred runs, so later failures are only named. */
const MAX_SHRUNK = 3;

export interface SimulationReport {
  /** Scenarios that violate an invariant, each with its seed. The first ones are shrunk. */
  readonly failures: readonly string[];
  readonly counts: ReadonlyMap<string, number>;
  readonly summary: string;
}

export interface SimulationOptions {
  readonly seed: string;
  readonly bookings: number;
  /** Replaces the store of the scenarios. */
  readonly store?: Scenario["store"];
  /** Replaces the practices of the scenarios. */
  readonly practice?: Scenario["practice"];
  readonly untilMs?: number;
  /** The run ends after this number of failing scenarios. Default: 1. */
  readonly maxFailures?: number;
  /** Called after each scenario with the number of bookings and the report so far. */
  readonly onProgress?: (bookings: number, report: () => SimulationReport) => void;
}

/** Runs scenarios until this number of bookings was requested, or invariants are violated. */
export async function runScenarios(options: SimulationOptions): Promise<SimulationReport> {
  const { seed, bookings, maxFailures = 1, untilMs = Number.POSITIVE_INFINITY } = options;
  const counts = new Counts();
  const startedAt = performance.now();
  const failures: string[] = [];
  let requested = 0;
  const report = (): SimulationReport => {
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
    return { failures, counts, summary: [`seed ${seed}, ${seconds} s`, ...counts.lines()].join("\n") };
  };
  for (let index = 0; requested < bookings && failures.length < maxFailures; index += 1) {
    if (performance.now() - startedAt > untilMs) break;
    const scenario = createScenario(`${seed}-${index}`, REQUESTS_PER_SCENARIO, {
      store: options.store,
      practice: options.practice,
    });
    requested += await countScenario(scenario, counts, failures);
    options.onProgress?.(requested, report);
  }
  return report();
}

/** @returns the number of bookings that the scenario requested. */
async function countScenario(scenario: Scenario, counts: Counts, failures: string[]): Promise<number> {
  const { history, faults } = await runScenario(scenario);
  const { violations, exceptions } = checkHistory(history);
  for (const { kind, reply } of history.requests) {
    counts.add(`${kind} requested`);
    counts.add(`${kind} reply: ${reply.kind}${"why" in reply ? `, ${reply.why}` : ""}`);
  }
  for (const [fault, count] of faults) counts.add(`fault: ${fault}`, count);
  counts.add("scenarios");
  counts.add(`store: ${scenario.store}`);
  counts.add("calls", history.attempts.length);
  counts.add("audit records", history.audit.length);
  for (const { kind, traceId } of history.appointments)
    counts.add(`${kind} by ${traceId ? "us" : "the practice"}`);
  counts.add("registered by us", history.registrations.filter(({ traceId }) => traceId).length);
  for (const [name, count] of Object.entries(exceptions)) counts.add(`exception: ${name}`, count);
  counts.add("failing scenarios", violations.length > 0 ? 1 : 0);
  if (violations.length > 0) {
    failures.push(
      failures.length < MAX_SHRUNK
        ? describeFailure(await shrinkScenario(scenario))
        : nameFailure(scenario, violations),
    );
  }
  return history.requests.filter(({ kind }) => kind === "book").length;
}

class Counts extends Map<string, number> {
  add(name: string, count = 1): void {
    this.set(name, (this.get(name) ?? 0) + count);
  }

  lines(): string[] {
    return [...this].sort(([one], [other]) => (one < other ? -1 : 1)).map(([name, n]) => `${name}: ${n}`);
  }
}
