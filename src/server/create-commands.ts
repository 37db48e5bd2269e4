import { randomUUID } from "node:crypto";
import type { AskedBy } from "../journeys/commands/asked-by.js";
import { CommandDesk, type CommandRules } from "../journeys/commands/command-desk.js";
import type { JourneyContext } from "../journeys/journey-context.js";
import { Sweeper } from "../journeys/settle/sweeper.js";
import { createLoaders, type LoaderSources } from "../loaders/create-loaders.js";
import type { AuditStore } from "../platform/audit/audit.js";
import type { Clock } from "../platform/clock.js";
import type { Config } from "../platform/config/config.js";
import type { Keyrings } from "../platform/crypto/keyring.js";
import { Secret } from "../platform/crypto/secret.js";
import { type IntentStore, Intents } from "../platform/intents/index.js";
import { signalUntil } from "../platform/resilience/deadline.js";
import type { Traffic } from "../platform/resilience/index.js";
import { CallLog } from "../platform/telemetry/call-log.js";
import type { Log } from "../platform/telemetry/log.js";

/** Time that nobody sets, for what is said to be certain. */
const stopwatch: Clock = { now: () => performance.now() };
/** Beyond the two sends and two looks that somebody at work may need. */
const LEASE_SLACK_MS = 5_000;
/** The longest look at a practice, repeats and waiting included. */
const LOOK_MS = 30_000;

export interface CommandOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly store: IntentStore;
  readonly keyrings: Keyrings;
}

/** Where commands are written down, and what the deployment has decided about them. */
export function createCommandDesk({ config, clock, store, keyrings }: CommandOptions): CommandDesk {
  return new CommandDesk({
    intents: new Intents({ store, keyrings, clock }),
    clock,
    stopwatch,
    rules: commandRules(config),
    newKey: randomUUID,
  });
}

function commandRules(config: Config): CommandRules {
  const writeMs = config.SSP_WRITE_TIMEOUT_MS ?? config.SSP_TIMEOUT_MS;
  return {
    lateCommitBoundMs: config.LATE_COMMIT_BOUND_MS,
    leaseMs: 2 * (writeMs + config.SSP_TIMEOUT_MS) + LEASE_SLACK_MS,
    requireVerifiedDetails: config.REQUIRE_VERIFIED_DETAILS ?? config.SPINE_ENV === "live",
    allowBookingWithoutPractice: config.ALLOW_BOOKING_WITHOUT_PRACTICE,
  };
}

/** What the sweeper makes its contexts of. */
export type SweeperParts = Pick<JourneyContext, "clock" | "slotIds" | "appointmentIds" | "commands"> & {
  readonly config: Config;
  readonly log: Log;
  readonly audit: AuditStore;
  readonly sources: LoaderSources;
  readonly traffic: Traffic;
};

/** What looks after commands that nobody asks after. It does nothing until it is started. */
export function createSweeper(dependencies: SweeperParts): Sweeper {
  return new Sweeper({
    desk: dependencies.commands,
    stopwatch,
    contextFor: (asked) => contextFor(asked, dependencies),
    log: dependencies.log,
  });
}

/** In the name of the person who sent the command, as a step of the same journey; nothing is used again from a session. */
function contextFor({ caller, correlationId, idToken }: AskedBy, dependencies: SweeperParts): JourneyContext {
  const { clock, config, audit, sources, traffic, slotIds, appointmentIds, commands } = dependencies;
  const call = {
    caller,
    correlationId,
    signal: signalUntil(LOOK_MS),
    calls: new CallLog(clock),
    audit: audit.trailFor(caller, correlationId),
    traffic,
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
