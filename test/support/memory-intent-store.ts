import type { Clock } from "../../src/platform/clock.js";
import { type IntentStore, openStore, type Store, StoreKeys } from "../../src/platform/store/index.js";

/** The keys of stores in tests: those that the database brings are of no interest there. */
export const TEST_STORE_KEYS = new StoreKeys("a data key that only tests know");

/** The real SQL store, for a test that needs it at once: it is opened by its first use. */
export interface LazyStore {
  readonly intents: IntentStore;
  open(): Promise<Store>;
  close(): Promise<void>;
}

/** In a memory of its own, or in an SQLite file. */
export function createLazyStore(clock: Clock, file?: string): LazyStore {
  let opening: Promise<Store> | undefined;
  /** Claims start apart, as random numbers do: 1, 1001, 2001, … */
  let claims = -1;
  const open = () => {
    opening ??= openStore({
      url: file && `file:${file}`,
      poolSize: 1,
      statementTimeoutMs: 5_000,
      secrets: ["a store secret that only tests know, 32 or more"],
      environment: { mode: "sandbox" },
      clock,
      firstRevision: () => {
        claims += 1;
        return claims * 1_000 + 1;
      },
    });
    return opening;
  };
  const intents = async () => (await open()).intents;
  return {
    open,
    close: async () => (await opening)?.close(),
    intents: {
      claim: async (...request) => (await intents()).claim(...request),
      get: async (...request) => (await intents()).get(...request),
      replace: async (...request) => (await intents()).replace(...request),
      remove: async (...request) => (await intents()).remove(...request),
      open: async () => (await intents()).open(),
      ownerOf: async (...request) => (await intents()).ownerOf(...request),
    },
  };
}

export function createMemoryIntentStore(clock: Clock): IntentStore {
  return createLazyStore(clock).intents;
}
