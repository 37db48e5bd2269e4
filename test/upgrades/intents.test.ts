import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Intent } from "../../src/commands/command-intent.js";
import { CommandHarness } from "../journeys/command-harness.js";
import { silence } from "../journeys/fake-practice.js";
import { TEST_STORE_KEYS } from "../support/memory-intent-store.js";

/** Intents as the version in the file's name stored them. Never change one; add a file for each released shape. */
const { intents } = JSON.parse(readFileSync(join(__dirname, "intents-0.1.0.json"), "utf8")) as {
  intents: { key: string; text: string; intent: Intent }[];
};

async function harnessWithOldIntents(): Promise<CommandHarness> {
  const harness = new CommandHarness();
  for (const { key, text } of intents) {
    const entry = { text, open: true, expiresAt: harness.clock.now() + 3_600_000, slotClaims: [] };
    expect(await harness.store.claim(key, entry)).toMatchObject({ kind: "claimed" });
  }
  return harness;
}

test("open intents of the version before are read as they were stored", async () => {
  const harness = await harnessWithOldIntents();
  const open = await harness.commands.store.open();

  expect(intents.length).toBeGreaterThan(0);
  expect(open.map(({ key, intent }) => ({ key, intent }))).toEqual(
    intents.map(({ key, intent }) => ({ key, intent: { shape: 3, ...intent } })),
  );
});

test("open intents of the version before are reconciled, and replayed to their callers", async () => {
  const harness = await harnessWithOldIntents();
  await harness.sweeper.step();
  harness.advance(60_000);
  await harness.sweeper.step();

  expect(harness.settlements()).toEqual(["PENDING", "ABSENT"]);
  expect(await harness.store.open()).toEqual([]);
  const again = { idempotencyKey: "key of an older version", description: "Review" };
  expect(await harness.book(again)).toMatchObject({ kind: "booked" });
});

test("an intent has no member that the version before does not know, except the span of its sender", async () => {
  const harness = new CommandHarness();
  harness.practice.next("createAppointment", "lost-before");
  harness.practice.next("fetchAppointments", silence());
  const span = { traceId: "4bf92f3577b34da6a3ce929d0e0e4736", spanId: "00f067aa0ba902b7" };
  await harness.book({ idempotencyKey: "a key", description: "Review" }, { span });
  const [entry] = await harness.store.open();
  const text = TEST_STORE_KEYS.cipher("intents").open(entry?.text ?? "", entry?.key ?? "");
  const { details, shape, ...rest } = JSON.parse(text ?? "") as Intent<{ span?: unknown }> & {
    shape: number;
  };

  const [old = { intent: {} as Intent }] = intents;
  const { idToken, ...oldDetails } = old.intent.details as Record<string, unknown>;
  expect(idToken).toBeDefined();
  expect(shape).toBe(3);
  expect(Object.keys(rest).sort()).toEqual(
    Object.keys({ ...old.intent, details: 0 })
      .filter((name) => name !== "details")
      .sort(),
  );
  expect(details.span).toEqual(span);
  expect(Object.keys(details).sort()).toEqual([...Object.keys(oldDetails), "span"].sort());
});
