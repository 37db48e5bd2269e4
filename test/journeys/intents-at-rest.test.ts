import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CommandStore } from "../../src/commands/command-store.js";
import { Secret } from "../../src/platform/crypto/secret.js";
import { TestClock } from "../support/call-context.js";
import { createLazyStore, type LazyStore, TEST_STORE_KEYS } from "../support/memory-intent-store.js";
import { CommandHarness, PATIENT, testCaller } from "./command-harness.js";
import { silence } from "./fake-practice.js";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "intents-at-rest-"));
  path = join(folder, "store.db");
});
afterEach(async () => {
  await closeAll();
  rmSync(folder, { recursive: true, force: true });
});

const booking = {
  idempotencyKey: "key-of-the-caller",
  description: "Review of something private",
  comment: "More of it",
};
const stores: LazyStore[] = [];
const openStore = (clock: TestClock) => {
  const store = createLazyStore(clock, path);
  stores.push(store);
  return store;
};
const open = (clock: TestClock) => openStore(clock).intents;
const closeAll = () => Promise.all(stores.splice(0).map((store) => store.close()));

async function loseABooking(harness: CommandHarness): Promise<void> {
  harness.practice.next("createAppointment", "lost-after");
  harness.practice.next("fetchAppointments", silence());
  const idToken = new Secret("the caller's sign-in");
  expect(await harness.book(booking, { idToken })).toMatchObject({ kind: "outcome-unknown" });
}

test("nothing in the database file can be read: not who booked, not for whom, not what, not under which key", async () => {
  const harness = new CommandHarness({ store: open });
  await loseABooking(harness);
  await harness.book({ ...booking, idempotencyKey: "another key", slotIds: [harness.slot(30)] });

  const text = [path, `${path}-wal`].map((file) => readFileSync(file, "latin1")).join("\n");
  expect(text).toContain("e1.");
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
});

test("a sent command survives the process and is reconciled by the next one", async () => {
  const harness = new CommandHarness({ store: open });
  await loseABooking(harness);
  await closeAll();
  harness.restart(open(harness.clock));

  await harness.sweeper.step();

  expect(harness.settlements()).toEqual(["BOOKED"]);
  expect(await harness.book(booking)).toMatchObject({ kind: "booked", recovered: true });
  expect(harness.practice.standing()).toHaveLength(1);
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
});

test("an encrypted intent opens under its own key only", async () => {
  const clock = new TestClock();
  const store = open(clock);
  const commands = new CommandStore({ store, keys: TEST_STORE_KEYS, clock });
  const intent = {
    kind: "book",
    content: "c",
    details: {},
    resources: [],
    sends: [],
    state: { name: "unknown", settlesAt: 0 },
  } as const;
  await commands.claim("one", intent);
  const stored = await store.get("one");
  const moved = { text: stored?.text ?? "", open: true, expiresAt: clock.now() + 1_000, slotClaims: [] };
  await store.claim("two", moved);

  await expect(commands.get("two")).rejects.toMatchObject({ reason: "STORE_UNAVAILABLE" });
});
