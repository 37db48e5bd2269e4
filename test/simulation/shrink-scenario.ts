import { checkHistory } from "./checker/check-history.js";
import type { Violation } from "./checker/violation.js";
import type { History } from "./history.js";
import { runScenario } from "./run-scenario.js";
import type { Scenario } from "./scenario.js";
import type { PlantedFaults } from "./world/world.js";

export interface FailingScenario {
  readonly scenario: Scenario;
  readonly history: History;
  readonly violations: readonly Violation[];
}

/** The maximum number of runs to shrink a scenario. */
const MAX_TRIES = 200;

/** Removes parts of a failing scenario as long as it violates the same rule: first halves, at last single parts. */
export async function shrinkScenario(whole: Scenario, faults: PlantedFaults = {}): Promise<FailingScenario> {
  let best = await runAndCheck(whole, faults);
  const rule = best.violations[0]?.rule;
  let tries = 0;
  const tryWith = async (scenario: Scenario): Promise<boolean> => {
    if (++tries > MAX_TRIES) return false;
    const result = await runAndCheck(scenario, faults);
    if (!result.violations.some((one) => one.rule === rule)) return false;
    best = result;
    return true;
  };
  for (const part of ["requests", "events"] as const) {
    for (let size = Math.ceil(best.scenario[part].length / 2); size >= 1; size = Math.floor(size / 2)) {
      for (let from = 0; from < best.scenario[part].length; ) {
        const remaining = best.scenario[part].filter((_, index) => index < from || index >= from + size);
        if (!(await tryWith({ ...best.scenario, [part]: remaining }))) from += size;
      }
    }
  }
  return best;
}

async function runAndCheck(scenario: Scenario, faults: PlantedFaults): Promise<FailingScenario> {
  const { history } = await runScenario(scenario, faults);
  return { scenario, history, violations: checkHistory(history).violations };
}

/** The scenario in lines that a person can read, with its seed. */
export function describeFailure({ scenario, history, violations }: FailingScenario): string {
  const since = (at: number) => `${String(at - scenario.start).padStart(7)} ms`;
  const lines = [
    ...scenario.events.map((event) => ({ at: scenario.start + event.at, text: JSON.stringify(event) })),
    ...history.requests.map(
      ({ requestedAt: at, correlationId, kind, key, slotIds, patientId, about, description }) => ({
        at,
        text: `${correlationId} requests to ${kind} ${about ? `${about.appointmentId} version ${about.version}` : slotIds.join("+")} for ${patientId} with ${key ?? "no key"}, "${description}"`,
      }),
    ),
    ...history.attempts.map(({ sentAt: at, correlationId, operation, fault }) => ({
      at,
      text: `${correlationId} sends ${operation}: ${fault}`,
    })),
    ...history.registrations
      .filter(({ traceId }) => traceId !== undefined)
      .map(({ at, patientId }) => ({ at, text: `the practice registers ${patientId}` })),
    ...history.appointments.map(({ at, kind, appointmentId, slotIds, version, description }) => ({
      at,
      text: `${appointmentId} is ${kind} at the practice, ${slotIds.join("+")}, "${description}", version ${version}`,
    })),
    ...history.requests.map(({ repliedAt: at, correlationId, reply }) => ({
      at,
      text: `${correlationId} gets ${JSON.stringify(reply)}`,
    })),
  ].sort((one, other) => one.at - other.at);
  return [
    nameFailure(scenario, violations),
    ...lines.slice(0, 200).map(({ at, text }) => `${since(at)}  ${text}`),
  ].join("\n");
}

/** The seed and the invariants, without what happened. */
export function nameFailure(scenario: Scenario, violations: readonly Violation[]): string {
  return [
    `seed ${scenario.seed}, ${scenario.store}, ${scenario.instances} processes, fault rate ${scenario.faultRate}`,
    ...violations
      .slice(0, 5)
      .map(({ rule, what, correlationIds }) => `VIOLATED: ${rule}: ${what} [${correlationIds.join(", ")}]`),
  ].join("\n");
}
