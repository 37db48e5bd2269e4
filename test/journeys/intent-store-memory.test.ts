import { createMemoryIntentStore } from "../../src/platform/intents/index.js";
import { TestClock } from "../support/call-context.js";
import { describeIntentStore } from "./intent-store-suite.js";

describe("intents in memory", () => {
  describeIntentStore(async () => {
    const clock = new TestClock();
    let store = createMemoryIntentStore(clock);
    return {
      clock,
      // Within one process, every part of the program has the same one.
      open: async () => store,
      lose: async () => {
        store = createMemoryIntentStore(clock);
      },
      dump: async () => JSON.stringify(await store.open()),
      close: async () => {},
    };
  });
});
