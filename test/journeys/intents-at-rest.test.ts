import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CommandStore } from "../../src/commands/command-store.js";
import { createKeyrings } from "../../src/platform/crypto/keyring.js";
import { Secret } from "../../src/platform/crypto/secret.js";
import { createFileIntentStore } from "../../src/platform/intents/index.js";
import { TestClock } from "../support/call-context.js";
import { CommandHarness, PATIENT, testCaller } from "./command-harness.js";
import { silence } from "./fake-practice.js";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "intents-at-rest-"));
  path = join(folder, "intents.ndjson");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const booking = {
  idempotencyKey: "key-of-the-caller",
  description: "Review of something private",
  comment: "More of it",
};
const open = (clock: TestClock) => createFileIntentStore({ path, clock });

async function loseABooking(harness: CommandHarness): Promise<void> {
  harness.practice.next("createAppointment", "lost-after");
  harness.practice.next("fetchAppointments", silence());
  const idToken = new Secret("the caller's sign-in");
  expect(await harness.book(booking, { idToken })).toMatchObject({ kind: "outcome-unknown" });
}

test("nothing in the file can be read: not who booked, not for whom, not what, not under which key", async () => {
  const harness = new CommandHarness({ store: open });
  await loseABooking(harness);
  await harness.book({ ...booking, idempotencyKey: "another key", slotIds: [harness.slot(30)] });

  const text = readFileSync(path, "utf8");
  expect(text.split("\n").length).toBeGreaterThan(4);
  const { person, organisation } = testCaller;
  const secrets = [
    PATIENT,
    person.family,
    person.localId,
    person.sdsUserId ?? "",
    organisation.odsCode,
    "key-of-the-caller",
    "another key",
    "private",
    "More of it",
    "slot-24",
    "T81001",
    "the caller's sign-in",
    "patient-",
  ];
  expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
  await harness.store.close();
});

test("what was sent survives the process, and is settled by the next one", async () => {
  const harness = new CommandHarness({ store: open });
  await loseABooking(harness);
  await harness.store.close();
  harness.restart(open(harness.clock));

  await harness.sweeper.step();

  expect(harness.settlements()).toEqual(["BOOKED"]);
  expect(await harness.book(booking)).toMatchObject({ kind: "booked", recovered: true });
  expect(harness.practice.standing()).toHaveLength(1);
  await harness.store.close();
});

test("the sign-in is kept no longer than the intent must be looked after", async () => {
  const harness = new CommandHarness({ store: open });
  await loseABooking(harness);
  const key = harness.commands.store.keyFor("book", "T82000", booking.idempotencyKey);
  expect((await harness.commands.store.get(key))?.intent.details).toMatchObject({
    idToken: "the caller's sign-in",
  });

  await harness.sweeper.step();

  expect((await harness.commands.store.get(key))?.intent.details).not.toHaveProperty("idToken");
  await harness.store.close();
});

describe("keys change", () => {
  const [old, newer, foreign] = ["o", "n", "f"].map((letter) => letter.repeat(32)) as [
    string,
    string,
    string,
  ];
  const clock = new TestClock();
  const intents = (secrets: string[]) =>
    new CommandStore({ store: open(clock), keyrings: createKeyrings(secrets), clock });
  const intent = { kind: "book", content: "c", details: {}, sends: [], state: { name: "unknown" } } as const;

  test("a new secret in front finds and opens what the old one wrote, and so on both ways", async () => {
    const before = intents([old]);
    const key = before.keyFor("book", "T82000", "k");
    await before.claim(key, intent);

    const changing = intents([newer, old]);
    expect(changing.keyFor("book", "T82000", "k")).toBe(key);
    const held = await changing.get(key);
    expect(held).toEqual({ key, revision: 1, intent: expect.objectContaining(intent) });
    expect(await changing.open()).toHaveLength(1);
    await changing.replace({ key, revision: 1, intent }, { ...intent, content: "changed" });

    // Sealed by the new one now, which the old process does not have.
    await expect(before.get(key)).rejects.toMatchObject({ reason: "INTENT_STORE_UNAVAILABLE" });
    for (const each of [before, changing]) await each.close();
  });

  test("another deployment's secret finds nothing and opens nothing", async () => {
    const before = intents([old]);
    await before.claim(before.keyFor("book", "T82000", "k"), intent);

    const other = intents([foreign]);
    expect(await other.get(other.keyFor("book", "T82000", "k"))).toBeUndefined();
    expect(await other.open()).toEqual([]);
    for (const each of [before, other]) await each.close();
  });

  test("a sealed intent opens under its own key only", async () => {
    const all = intents([old]);
    const store = open(clock);
    await all.claim("one", intent);
    const stored = await store.get("one");
    await store.claim("two", { text: stored?.text ?? "", open: true, expiresAt: clock.now() + 1_000 });

    await expect(all.get("two")).rejects.toMatchObject({ reason: "INTENT_STORE_UNAVAILABLE" });
    for (const each of [all, store]) await each.close();
  });
});
