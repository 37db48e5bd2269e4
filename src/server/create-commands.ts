import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { CommandCoordinator, type CommandRules } from "../commands/command-coordinator.js";
import type { CommandAlert } from "../commands/command-events.js";
import type { ClaimedIntent, Intent } from "../commands/command-intent.js";
import type { CommandOrigin } from "../commands/command-origin.js";
import { CommandStore } from "../commands/command-store.js";
import type { Reconciliation } from "../commands/reconcile.js";
import { Sweeper } from "../commands/sweeper.js";
import type { JourneyContext } from "../journeys/journey-context.js";
import { reconcileCommand } from "../journeys/sweep/reconcile-command.js";
import { createLoaders, type LoaderSources } from "../loaders/create-loaders.js";
import type { AuditStore } from "../platform/audit/index.js";
import type { Clock } from "../platform/clock.js";
import type { Config } from "../platform/config/config.js";
import { Secret } from "../platform/crypto/secret.js";
import { signalUntil } from "../platform/resilience/deadline.js";
import type { ResiliencePipeline } from "../platform/resilience/index.js";
import type { Store } from "../platform/store/index.js";
import { CallLog } from "../platform/telemetry/call-log.js";
import type { Log } from "../platform/telemetry/log.js";
import type { ReconciliationTrace, Tracing } from "../platform/telemetry/tracing.js";

/** Monotonic, for statements that must not depend on a clock that somebody sets. */
const stopwatch: Clock = { now: () => performance.now() };
/** Beyond the wait for a permit, one send and one read-back. */
const LEASE_SLACK_MS = 5_000;
/** The longest read-back, retries and waiting included. */
const READ_BACK_MS = 30_000;
const DAY_MS = 24 * 60 * 60_000;

const ALERTS: Record<CommandAlert, string> = {
  WRITE_MISMATCH:
    "a practice confirmed something else than was requested: see the audit, and ring the practice",
  CARRIED_OUT_TWICE: "one command was carried out twice at a practice: see the audit, and ring the practice",
  OUTCOME_LOST: "the outcome of a command cannot be found out any more: see the audit",
};

export interface CommandOptions {
  readonly log: Log;
  readonly config: Config;
  readonly clock: Clock;
  readonly store: Pick<Store, "intents" | "keys">;
  readonly audit: AuditStore;
}

/** Where commands are stored, and what the deployment has configured for them. */
export function createCommandCoordinator({
  config,
  clock,
  store,
  audit,
  log,
}: CommandOptions): CommandCoordinator {
  const commands = new CommandCoordinator({
    store: new CommandStore({
      store: store.intents,
      keys: store.keys,
      clock,
      audit,
      keepMs: config.INTENT_RETENTION_DAYS * DAY_MS,
    }),
    clock,
    stopwatch,
    rules: commandRules(config),
    newKey: randomUUID,
    wait: (ms, signal) => setTimeout(ms, undefined, { signal, ref: false }).catch(() => undefined),
  });
  commands.onAlert((alert, command) => log.error({ alert, command }, ALERTS[alert]));
  return commands;
}

function commandRules(config: Config): CommandRules {
  const writeMs = config.SSP_WRITE_TIMEOUT_MS ?? config.SSP_TIMEOUT_MS;
  return {
    lateCommitBoundMs: config.LATE_COMMIT_BOUND_MS,
    leaseMs: config.REQUEST_DEADLINE_MS + writeMs + config.SSP_TIMEOUT_MS + LEASE_SLACK_MS,
    requireVerifiedDetails: config.REQUIRE_VERIFIED_DETAILS ?? config.SPINE_ENV === "live",
    allowBookingWithoutPractice: config.ALLOW_BOOKING_WITHOUT_PRACTICE,
  };
}

/** What the sweeper builds its contexts from. */
export type SweeperParts = Pick<JourneyContext, "clock" | "slotIds" | "appointmentIds" | "commands"> & {
  readonly config: Config;
  readonly log: Log;
  readonly audit: AuditStore;
  readonly sources: LoaderSources;
  readonly resilience: ResiliencePipeline;
  readonly tracing: Tracing;
};

/** Reconciles commands that no request waits for. It does nothing until it is started. */
export function createSweeper(dependencies: SweeperParts): Sweeper {
  return new Sweeper({
    commands: dependencies.commands,
    stopwatch,
    reconcile: (claimed) => reconcileTraced(claimed, dependencies),
    log: dependencies.log,
  });
}

/** With a trace of its own, linked to the operation that sent the command. */
async function reconcileTraced(
  claimed: ClaimedIntent<Intent<CommandOrigin>>,
  dependencies: SweeperParts,
): Promise<void> {
  const { clock, tracing } = dependencies;
  const { kind, details } = claimed.intent;
  const trace = tracing.startReconciliation({
    command: kind,
    correlationId: details.correlationId,
    sender: details.span,
    startedAt: clock.now(),
  });
  let outcome: Reconciliation | undefined;
  try {
    outcome = await reconcileCommand(claimed, contextFor(details, dependencies, trace));
  } finally {
    trace?.end({ outcome, endedAt: clock.now() });
  }
}

/** In the name of the person who sent the command, as a step of the same journey. Shares no session cache. */
function contextFor(
  { caller, correlationId, idToken }: CommandOrigin,
  dependencies: SweeperParts,
  trace: ReconciliationTrace | undefined,
): JourneyContext {
  const { clock, config, audit, sources, resilience, slotIds, appointmentIds, commands } = dependencies;
  const call = {
    caller,
    correlationId,
    signal: signalUntil(READ_BACK_MS),
    calls: new CallLog(clock, (record) => trace?.recordCall(record)),
    audit: audit.trailFor(caller, correlationId),
    resilience,
    ...(idToken !== undefined && { idToken: new Secret(idToken) }),
  };
  return {
    call,
    loaders: createLoaders(sources, call, undefined),
    gpConnect: sources.gpConnect,
    slotIds,
    appointmentIds,
    clock,
    nhsNumberRules: { allowRepeatedDigits: config.NHS_NUMBER_ALLOW_REPEATED_DIGITS },
    commands,
  };
}
