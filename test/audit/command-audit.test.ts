import { CommandCoordinator } from "../../src/commands/command-coordinator.js";
import type { Intent, IntentState } from "../../src/commands/command-intent.js";
import { CommandStore } from "../../src/commands/command-store.js";
import { AuditStore, AuditWriter, findRecords } from "../../src/platform/audit/index.js";
import type { Store } from "../../src/platform/store/index.js";
import { TestClock, testCaller } from "../support/call-context.js";
import { createLazyStore } from "../support/memory-intent-store.js";

const PATIENT = "9000000009";
const clock = new TestClock();
let store: Store;
let audit: AuditStore;
let commands: CommandStore;
beforeEach(async () => {
  store = await createLazyStore(clock).open();
  audit = new AuditStore({ clock, writer: new AuditWriter({ store, copies: [], log: { error: () => {} } }) });
  commands = new CommandStore({ store: store.intents, keys: store.keys, clock, audit });
});
afterEach(() => store.close());

const intent = (facts: object = {}) =>
  ({
    kind: "book",
    content: "c",
    resources: ["slot"],
    details: { caller: testCaller, correlationId: "journey-1", nhsNumber: PATIENT, odsCode: "T81001" },
    sends: [{ at: clock.now(), end: "open" }],
    state: { name: "sending", until: clock.now() + 37_000 },
    ...facts,
  }) as Intent;
const trail = () => audit.trailFor(testCaller, "journey-1");
const records = async () =>
  (await findRecords(store, { kind: "patient", nhsNumber: PATIENT })).map(
    ({ phase, outcome, record }) => `${phase} ${outcome} ${record?.operation}`,
  );
const openRecords = () =>
  store.database.read((queries) => queries.selectFrom("audit_open").selectAll().execute());
async function claim(request = trail()) {
  const result = await commands.claim("k", intent(), request);
  if (result.kind !== "claimed") throw new Error(result.kind);
  return result.claimed;
}
const change = async (claimed: Awaited<ReturnType<typeof claim>>, state: IntentState) =>
  commands.replace(claimed, { ...claimed.intent, state });

test("a command's record is opened with its intent: both are there, or neither", async () => {
  const request = trail();
  await claim(request);
  expect(await records()).toEqual(["opened UNKNOWN command book"]);
  expect(request.hasOpened).toBe(true);

  await commands.claim("other key", intent(), trail());
  expect(await records()).toEqual(["opened UNKNOWN command book"]);
});

test.each<[IntentState, string]>([
  [{ name: "done", result: {} }, "SUCCEEDED"],
  [{ name: "refused", refusal: {} }, "REFUSED"],
  [{ name: "absent" }, "FAILED"],
  [{ name: "unknown", settlesAt: 0, forGood: true }, "UNKNOWN"],
])("%j closes it with %s, once", async (state, outcome) => {
  const claimed = await claim();
  const changed = await change(claimed, state);
  if (changed.kind === "claimed") await change(changed.claimed, state);

  expect(await records()).toEqual(["opened UNKNOWN command book", `closed ${outcome} command book`]);
  expect(await openRecords()).toEqual([]);
});

test("while the outcome is not known it stays open, for whoever reconciles it in another process", async () => {
  const claimed = await claim();
  await change(claimed, { name: "unknown", settlesAt: clock.now() + 30_000 });
  expect(await openRecords()).toHaveLength(1);

  const [found] = await commands.open();
  if (found) await change(found as typeof claimed, { name: "done", result: {} });
  expect(await openRecords()).toEqual([]);
});

test("a key that is freed because nothing was sent closes it", async () => {
  await commands.remove(await claim());
  expect(await records()).toEqual(["opened UNKNOWN command book", "closed FAILED command book"]);
});

test("a change that another process was faster with closes nothing", async () => {
  const claimed = await claim();
  await change(claimed, { name: "unknown", settlesAt: 0 });
  expect(await change(claimed, { name: "done", result: {} })).toEqual({ kind: "stale" });
  expect(await openRecords()).toHaveLength(1);
});

test("a command that is sent again after an absent read-back opens another record", async () => {
  const absent = await change(await claim(), { name: "absent" });
  if (absent.kind !== "claimed") throw new Error(absent.kind);
  await commands.replace(absent.claimed, intent(), trail());
  expect(await openRecords()).toHaveLength(1);
  expect(await records()).toHaveLength(3);
});

test("an outcome found for an earlier send keeps the newer one open, and closes its record only", async () => {
  const coordinator = new CommandCoordinator({
    store: commands,
    clock,
    stopwatch: clock,
    rules: {
      lateCommitBoundMs: 30_000,
      leaseMs: 37_000,
      requireVerifiedDetails: false,
      allowBookingWithoutPractice: false,
    },
    newKey: () => "made",
    wait: async () => {},
  });
  const first = await claim();
  // Another request sees the first send absent, which closes its record, and sends again.
  const absent = await commands.replace(first, intent({ ...first.intent, state: { name: "absent" } }));
  if (absent.kind !== "claimed") throw new Error(absent.kind);
  const sends = [
    { at: 1, end: "expired" },
    { at: 2, end: "open" },
  ];
  clock.advance(1_000);
  const again = await commands.replace(absent.claimed, intent({ sends }), trail());
  if (again.kind !== "claimed") throw new Error(again.kind);

  // The sweeper, which has read the intent before, finds the command carried out.
  const done = { name: "done", result: undefined } as unknown as IntentState;
  const outcome = { ...first.intent, sends: [{ at: 1, end: "expired" }], state: done };
  const saved = await coordinator.save(first as never, outcome as never);

  expect(saved?.intent).toMatchObject({ state: { name: "done" }, sends });
  expect(await records()).toEqual([
    "opened UNKNOWN command book",
    "closed FAILED command book",
    "opened UNKNOWN command book",
    "closed SUCCEEDED command book",
  ]);
  expect(await openRecords()).toEqual([]);
  // The slot stays claimed while the newer send may take effect.
  const other = await commands.claim("other", intent());
  expect(other.kind).toBe("conflict");
});
