import { CommandCoordinator, type CommandRules } from "../../src/commands/command-coordinator.js";
import { CommandStore } from "../../src/commands/command-store.js";
import type { Clock } from "../../src/platform/clock.js";
import { createKeyring, type Keyrings } from "../../src/platform/crypto/keyring.js";
import { createMemoryIntentStore, type IntentStore } from "../../src/platform/intents/index.js";

export interface TestCoordinatorOptions {
  readonly clock: Clock;
  /** The clock itself when left out: then nothing is certain that it has not been moved for. */
  readonly stopwatch?: Clock;
  readonly store?: IntentStore;
  readonly keyrings?: Keyrings;
  readonly rules?: Partial<CommandRules>;
}

/** The rules of the sandbox, over intents in memory; keys of our own making are `made-1`, `made-2`, … */
export function createTestCoordinator(options: TestCoordinatorOptions): CommandCoordinator {
  const { clock, stopwatch = clock, store = createMemoryIntentStore(clock) } = options;
  const { keyrings = [createKeyring("a secret that only tests know, of 32 characters or more")] } = options;
  let made = 0;
  return new CommandCoordinator({
    store: new CommandStore({ store, keyrings, clock }),
    clock,
    stopwatch,
    rules: {
      lateCommitBoundMs: 30_000,
      leaseMs: 37_000,
      requireVerifiedDetails: false,
      allowBookingWithoutPractice: false,
      ...options.rules,
    },
    newKey: () => `made-${++made}`,
  });
}
