import type { ClaimedIntent, Intent } from "../../src/commands/command-intent.js";
import type { CommandOrigin } from "../../src/commands/command-origin.js";
import type { CommandStore } from "../../src/commands/command-store.js";
import { TestClock, testCaller } from "../support/call-context.js";

export type TestIntent = Intent<CommandOrigin>;
export type TestClaimed = ClaimedIntent<TestIntent>;

/** The time of the first send, which is the start of every `TestClock`. */
export const SENT_AT = new TestClock().now();

/** A booking whose only send has ended, and whose outcome is not known. */
export function unknownIntent(facts: Partial<TestIntent> = {}): TestIntent {
  return {
    kind: "book",
    content: "a hash of the content",
    resources: [],
    details: {
      handle: "the caller's own key",
      caller: testCaller,
      correlationId: "journey-1",
      idToken: "a sign-in",
    },
    sends: [{ at: SENT_AT, end: "open" }],
    state: { name: "unknown", settlesAt: SENT_AT + 30_001 },
    ...facts,
  };
}

/** A booking that some process sends. */
export function sendingIntent(until: number, facts: Partial<TestIntent> = {}): TestIntent {
  return unknownIntent({ state: { name: "sending", until }, ...facts });
}

/** As it would be read from the store. */
export function claimedAs(intent: TestIntent, key = "k", revision = 1): TestClaimed {
  return { key, revision, intent };
}

/** Stores a new intent. */
export async function claimIn(store: CommandStore, key: string, intent: TestIntent): Promise<TestClaimed> {
  const claim = await store.claim(key, intent);
  if (claim.kind !== "claimed") throw new Error(`the claim was ${claim.kind}`);
  return claim.claimed;
}

/** Changes a stored intent, as another process would. */
export async function replaceIn(
  store: CommandStore,
  claimed: TestClaimed,
  facts: Partial<TestIntent>,
): Promise<TestClaimed> {
  const replacement = await store.replace(claimed, { ...claimed.intent, ...facts });
  if (replacement.kind !== "claimed") throw new Error(`the replacement was ${replacement.kind}`);
  return replacement.claimed;
}
