import type { Clock } from "../clock.js";
import { EntryTable } from "./entry-table.js";
import type { IntentStore } from "./intent-store.js";

/** Intents in this process, for tests and simulations: a real service would forget its commands when it restarts. */
export function createMemoryIntentStore(clock: Clock): IntentStore {
  const table = new EntryTable(clock);
  return {
    claim: async (key, entry) => table.claim(key, entry).answer,
    get: async (key) => table.get(key),
    replace: async (key, revision, entry) => table.replace(key, revision, entry) !== undefined,
    remove: async (key, revision) => table.remove(key, revision) !== undefined,
    open: async () => table.open(),
    ownerOf: async (result) => table.ownerOf(result),
    close: async () => {},
  };
}
