import { CommandCoordinator, type CommandRules } from "../../src/commands/command-coordinator.js";
import { CommandStore } from "../../src/commands/command-store.js";
import type { Clock } from "../../src/platform/clock.js";
import type { IntentStore } from "../../src/platform/store/index.js";
import { createMemoryIntentStore, TEST_STORE_KEYS } from "./memory-intent-store.js";

export interface TestCoordinatorOptions {
  readonly clock: Clock;
  /** The clock itself when left out: then nothing is certain that it has not been moved for. */
  readonly stopwatch?: Clock;
  readonly store?: IntentStore;
  readonly rules?: Partial<CommandRules>;
  /** How time passes while a request waits for the bound; at once when left out, without moving any clock. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** The rules of the sandbox, over intents in memory; keys of our own making are `made-1`, `made-2`, … */
export function createTestCoordinator(options: TestCoordinatorOptions): CommandCoordinator {
  const { clock, stopwatch = clock, store = createMemoryIntentStore(clock) } = options;
  let made = 0;
  return new CommandCoordinator({
    store: new CommandStore({ store, keys: TEST_STORE_KEYS, clock }),
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
    wait: options.wait ?? (async () => {}),
  });
}
