import { CommandDesk, type CommandRules } from "../../src/journeys/commands/command-desk.js";
import type { Clock } from "../../src/platform/clock.js";
import { createKeyring, type Keyrings } from "../../src/platform/crypto/keyring.js";
import { createMemoryIntentStore, type IntentStore, Intents } from "../../src/platform/intents/index.js";

export interface TestDeskOptions {
  readonly clock: Clock;
  /** The clock itself when left out: then nothing is certain that it has not been moved for. */
  readonly stopwatch?: Clock;
  readonly store?: IntentStore;
  readonly keyrings?: Keyrings;
  readonly rules?: Partial<CommandRules>;
}

/** The rules of the sandbox, over intents in memory; keys of our own making are `made-1`, `made-2`, … */
export function createTestDesk(options: TestDeskOptions): CommandDesk {
  const { clock, stopwatch = clock, store = createMemoryIntentStore(clock) } = options;
  const { keyrings = [createKeyring("a secret that only tests know, of 32 characters or more")] } = options;
  let made = 0;
  return new CommandDesk({
    intents: new Intents({ store, keyrings, clock }),
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
