import { openStore } from "../../src/platform/store/index.js";
import { TestClock } from "../support/call-context.js";

/** The greatest value of the column in PostgreSQL, an integer of 32 bits. */
const GREATEST_REVISION = 2 ** 31 - 1;
const CHANGES_OF_ONE_KEY = 1_000_000;

test("each claim of a key begins with a revision that nobody can have seen, with room for its changes", async () => {
  const clock = new TestClock();
  const { intents, close } = await openStore({
    url: undefined,
    poolSize: 1,
    statementTimeoutMs: 5_000,
    secrets: ["a store secret that only tests know, 32 or more"],
    environment: { mode: "sandbox" },
    clock,
  });
  const entry = { text: "text", open: true, expiresAt: clock.now() + 60_000, slotClaims: [] };
  const seen: number[] = [];
  for (let claims = 0; claims < 20; claims += 1) {
    const claim = await intents.claim("k", entry);
    if (claim.kind !== "claimed") throw new Error(`the claim was ${claim.kind}`);
    for (const earlier of seen) expect(await intents.replace("k", earlier, entry)).toEqual({ kind: "stale" });
    seen.push(claim.revision);
    expect(await intents.remove("k", claim.revision)).toBe(true);
  }
  await close();

  expect(new Set(seen).size).toBe(20);
  for (const revision of seen) {
    expect(revision).toBeGreaterThanOrEqual(1);
    expect(revision + CHANGES_OF_ONE_KEY).toBeLessThan(GREATEST_REVISION);
  }
});
