import { resolve } from "node:path";
import type { RelationshipCheck } from "../../domain/relationship-check.js";
import type { RelationshipGuard } from "../../journeys/journey-context.js";
import { type Config, ConfigError } from "../../platform/config/config.js";
import { signalUntil } from "../../platform/resilience/deadline.js";
import { raceWithSignal } from "../../platform/resilience/wait.js";
import type { Log } from "../../platform/telemetry/log.js";

/**
 * Loads the check that `RELATIONSHIP_CHECK_MODULE` names. Undefined without one: then the token's claim alone decides.
 *
 * @throws ConfigError when the module cannot be loaded or has no such function.
 */
export function loadRelationshipCheck({
  RELATIONSHIP_CHECK_MODULE: path,
}: Config): RelationshipCheck | undefined {
  if (path === undefined) return undefined;
  const fault =
    "RELATIONSHIP_CHECK_MODULE is not a CommonJS module that exports the function checkRelationship";
  try {
    const { checkRelationship } = require(resolve(path)) as { checkRelationship?: unknown };
    if (typeof checkRelationship === "function") return checkRelationship as RelationshipCheck;
  } catch {
    throw new ConfigError([fault]);
  }
  throw new ConfigError([fault]);
}

/**
 * Puts a time limit and the handling of faults around a deployment's check. It never rejects: whatever goes wrong is
 * `"failed"`, which keeps the gate closed. The log has the name of an error only, since its message may name the patient.
 */
export function createRelationshipGuard(
  check: RelationshipCheck,
  { timeoutMs, log }: { readonly timeoutMs: number; readonly log: Pick<Log, "error"> },
): RelationshipGuard {
  return async (query) => {
    const signal = signalUntil(timeoutMs, query.signal);
    try {
      const outcome: unknown = await raceWithSignal(
        // Async, so that an error that is thrown at once is a rejection too.
        (async () => check({ ...query, signal }))(),
        signal,
        () => new Error("time-out"),
      );
      if (outcome === "allowed" || outcome === "refused") return outcome;
      log.error({ correlationId: query.correlationId }, "the relationship check gave no known outcome");
    } catch (error) {
      const cause = error instanceof Error ? error.name : typeof error;
      log.error({ correlationId: query.correlationId, cause }, "the relationship check failed");
    }
    return "failed";
  };
}
