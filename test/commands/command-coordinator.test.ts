import type { CommandCoordinator } from "../../src/commands/command-coordinator.js";
import type { IntentState } from "../../src/commands/command-intent.js";
import { withDeadline } from "../../src/platform/resilience/deadline.js";
import type { IntentStore } from "../../src/platform/store/index.js";
import { TestClock } from "../support/call-context.js";
import { createMemoryIntentStore } from "../support/memory-intent-store.js";
import { createTestCoordinator } from "../support/test-coordinator.js";
import {
  claimedAs,
  claimIn,
  replaceIn,
  SENT_AT,
  sendingIntent,
  type TestIntent,
  unknownIntent,
} from "./intents.js";

const LATE_MS = 30_000;
const LEASE_MS = 37_000;
/** Far enough for the clocks of two machines to differ by. */
const FAR_MS = 3_600_000;
const SPENT = [{ at: SENT_AT, end: "expired" }] as const;
const DONE: IntentState = { name: "done", result: "it stands" };

let clock: TestClock;
let stopwatch: TestClock;
let entries: IntentStore;
let commands: CommandCoordinator;
beforeEach(() => {
  clock = new TestClock();
  stopwatch = new TestClock(500);
  entries = createMemoryIntentStore(clock);
  commands = createTestCoordinator({ clock, stopwatch, store: entries });
});
afterEach(() => jest.restoreAllMocks());

const storeFails = (method: "replace" | "claim" | "get") =>
  jest.spyOn(entries, method).mockRejectedValueOnce(new Error("the disk is full"));
const stored = async (key = "k") =>
  (await commands.store.get(key)) as { revision: number; intent: TestIntent };
const done = (facts: Partial<TestIntent> = {}) => unknownIntent({ state: DONE, sends: SPENT, ...facts });
const refused = (refusal = "no such slot") =>
  unknownIntent({ sends: SPENT, state: { name: "refused", refusal } });

describe("listeners", () => {
  test("each gets an alert, with the kind of the command", () => {
    const [first, second, outcomes] = [jest.fn(), jest.fn(), jest.fn()];
    commands.onAlert(first);
    commands.onAlert(second);
    commands.onOutcome(outcomes);
    commands.alert("OUTCOME_LOST", { kind: "cancel" });
    expect(first.mock.calls).toEqual([["OUTCOME_LOST", "cancel"]]);
    expect(second.mock.calls).toEqual(first.mock.calls);
    expect(outcomes).not.toHaveBeenCalled();
  });

  test("each gets the outcome of a request's command", () => {
    const [first, second, alerts] = [jest.fn(), jest.fn(), jest.fn()];
    commands.onOutcome(first);
    commands.onOutcome(second);
    commands.onAlert(alerts);
    commands.noteOutcome("book", "booked");
    expect(first.mock.calls).toEqual([["book", "booked"]]);
    expect(second.mock.calls).toEqual(first.mock.calls);
    expect(alerts).not.toHaveBeenCalled();
  });

  test("nothing is unsettled before the sweeper has looked", () => {
    expect(commands.unsettled).toEqual([]);
  });
});

describe("the lease of a process that sends", () => {
  test("ends one lease from now", () => {
    expect(commands.leaseEnd()).toBe(SENT_AT + LEASE_MS);
    clock.advance(5);
    expect(commands.leaseEnd()).toBe(SENT_AT + 5 + LEASE_MS);
  });

  test("has expired exactly at its end by the clock", () => {
    const claimed = claimedAs(sendingIntent(SENT_AT + LEASE_MS));
    clock.advance(LEASE_MS - 1);
    expect(commands.isLeaseExpired(claimed)).toBe(false);
    clock.advance(1);
    expect(commands.isLeaseExpired(claimed)).toBe(true);
  });

  test("has expired when this process saw it unchanged for its whole length, whatever the other clock says", () => {
    const claimed = claimedAs(sendingIntent(SENT_AT + FAR_MS));
    expect(commands.isLeaseExpired(claimed)).toBe(false);
    stopwatch.advance(LEASE_MS - 1);
    expect(commands.isLeaseExpired(claimed)).toBe(false);
    stopwatch.advance(1);
    expect(commands.isLeaseExpired(claimed)).toBe(true);
  });

  test("is measured from the start again after each change of the intent", () => {
    const intent = sendingIntent(SENT_AT + FAR_MS);
    commands.observe(claimedAs(intent, "k", 1));
    stopwatch.advance(LEASE_MS - 1);
    commands.observe(claimedAs(intent, "k", 2));
    stopwatch.advance(LEASE_MS - 1);
    expect(commands.isLeaseExpired(claimedAs(intent, "k", 2))).toBe(false);
    stopwatch.advance(1);
    expect(commands.isLeaseExpired(claimedAs(intent, "k", 2))).toBe(true);
  });

  test("is measured for each key by itself", () => {
    const intent = sendingIntent(SENT_AT + FAR_MS);
    commands.observe(claimedAs(intent, "k"));
    stopwatch.advance(LEASE_MS);
    expect(commands.isLeaseExpired(claimedAs(intent, "l"))).toBe(false);
    expect(commands.isLeaseExpired(claimedAs(intent, "k"))).toBe(true);
  });

  test.each<IntentState>([{ name: "unknown", settlesAt: 0 }, DONE, { name: "absent" }])(
    "%j has none that could expire",
    (state) => {
      const claimed = claimedAs(unknownIntent({ state }));
      commands.isLeaseExpired(claimed);
      stopwatch.advance(FAR_MS);
      clock.advance(FAR_MS);
      expect(commands.isLeaseExpired(claimed)).toBe(false);
    },
  );

  test("never expires while this process is at work on the command", async () => {
    let finish = () => {};
    const work = commands.inFlight.run("k", () => new Promise<void>((resolve) => (finish = resolve)));
    const intent = sendingIntent(SENT_AT);
    expect(commands.isLeaseExpired(claimedAs(intent, "k"))).toBe(false);
    expect(commands.isLeaseExpired(claimedAs(intent, "l"))).toBe(true);
    finish();
    await work;
    expect(commands.isLeaseExpired(claimedAs(intent, "k"))).toBe(true);
  });
});

describe("an observation", () => {
  test("starts the measurement of a lease, once", () => {
    const claimed = claimedAs(sendingIntent(SENT_AT + FAR_MS));
    commands.observe(claimed);
    stopwatch.advance(LEASE_MS - 1);
    commands.observe(claimed);
    stopwatch.advance(1);
    expect(commands.isLeaseExpired(claimed)).toBe(true);
  });

  test("starts the measurement of a bound, once", () => {
    const claimed = claimedAs(unknownIntent());
    commands.observe(claimed);
    stopwatch.advance(LATE_MS);
    commands.observe(claimed);
    stopwatch.advance(1);
    expect(commands.boundLeftMs(claimed)).toBe(0);
  });
});

describe("the bound on late commits", () => {
  const claimed = claimedAs(unknownIntent());

  test("is over one millisecond after it has passed, and stays so", () => {
    expect(commands.boundLeftMs(claimed)).toBe(LATE_MS + 1);
    stopwatch.advance(LATE_MS);
    expect(commands.boundLeftMs(claimed)).toBe(1);
    stopwatch.advance(1);
    expect(commands.boundLeftMs(claimed)).toBe(0);
    stopwatch.advance(FAR_MS);
    expect(commands.boundLeftMs(claimed)).toBe(0);
  });

  test("does not depend on the clock, which can be set", () => {
    commands.observe(claimed);
    clock.advance(FAR_MS);
    expect(commands.boundLeftMs(claimed)).toBe(LATE_MS + 1);
  });

  test("starts when the send ends, not when this is next looked at", () => {
    commands.startBound(claimed);
    stopwatch.advance(10_000);
    expect(commands.boundLeftMs(claimed)).toBe(LATE_MS + 1 - 10_000);
  });

  test("starts again when the send is seen to end later than it was assumed to", () => {
    commands.observe(claimed);
    stopwatch.advance(10_000);
    commands.startBound(claimed);
    expect(commands.boundLeftMs(claimed)).toBe(LATE_MS + 1);
  });

  test("has no end that could be told while the send is under way", () => {
    const sending = claimedAs(sendingIntent(SENT_AT + LEASE_MS));
    expect(commands.boundLeftMs(sending)).toBe(Number.POSITIVE_INFINITY);
    stopwatch.advance(FAR_MS);
    expect(commands.boundLeftMs(sending)).toBe(Number.POSITIVE_INFINITY);
  });

  test.each<[string, Partial<TestIntent>]>([
    ["has no open send", { sends: [{ at: SENT_AT, end: "expired" }] }],
    ["was never sent", { sends: [] }],
    ["is about to be sent for the first time", { sends: [], state: { name: "sending", until: 0 } }],
  ])("is over for a command that %s", (_, facts) => {
    const ended = claimedAs(unknownIntent(facts));
    commands.startBound(ended);
    commands.startBoundAfterLease(ended);
    expect(commands.boundLeftMs(ended)).toBe(0);
  });

  test.each<[string, Partial<TestIntent>]>([
    ["later", { sends: [{ at: SENT_AT + 1, end: "open" }] }],
    [
      "once more in the same millisecond",
      {
        sends: [
          { at: SENT_AT, end: "expired" },
          { at: SENT_AT, end: "open" },
        ],
      },
    ],
  ])("starts again for a command that was sent %s", (_, facts) => {
    commands.observe(claimed);
    stopwatch.advance(LATE_MS + 1);
    expect(commands.boundLeftMs(claimedAs(unknownIntent(facts)))).toBe(LATE_MS + 1);
  });

  test("goes on after a change of the intent that is not another send", () => {
    commands.observe(claimed);
    stopwatch.advance(10_000);
    expect(commands.boundLeftMs({ ...claimed, revision: 9 })).toBe(LATE_MS + 1 - 10_000);
  });

  test("is measured for each key by itself", () => {
    commands.observe(claimed);
    stopwatch.advance(10_000);
    expect(commands.boundLeftMs(claimedAs(unknownIntent(), "l"))).toBe(LATE_MS + 1);
    expect(commands.boundLeftMs(claimed)).toBe(LATE_MS + 1 - 10_000);
  });
});

describe("the bound after another process's lease", () => {
  const sending = claimedAs(sendingIntent(SENT_AT));
  const unknown = claimedAs(unknownIntent(), "k", 2);

  test("starts once this process has seen the lease unchanged for its whole length", () => {
    commands.observe(sending);
    stopwatch.advance(10_000);
    commands.startBoundAfterLease(sending);
    expect(commands.boundLeftMs(unknown)).toBe(LEASE_MS - 10_000 + LATE_MS + 1);
    stopwatch.advance(LEASE_MS - 10_000 + LATE_MS);
    expect(commands.boundLeftMs(unknown)).toBe(1);
  });

  test("starts a whole lease from now when the lease is seen for the first time", () => {
    commands.startBoundAfterLease(sending);
    expect(commands.boundLeftMs(unknown)).toBe(LEASE_MS + LATE_MS + 1);
  });

  test.each([LEASE_MS, LEASE_MS + 20_000])("starts now, and no earlier, %i ms after its start", (ms) => {
    commands.observe(sending);
    stopwatch.advance(ms);
    commands.startBoundAfterLease(sending);
    expect(commands.boundLeftMs(unknown)).toBe(LATE_MS + 1);
  });

  test("starts again when the other process has renewed its lease", () => {
    commands.observe(sending);
    stopwatch.advance(LEASE_MS);
    commands.startBoundAfterLease({ ...sending, revision: 2 });
    expect(commands.boundLeftMs(unknown)).toBe(LEASE_MS + LATE_MS + 1);
  });

  test("is measured by the lease of its own key", () => {
    commands.observe({ ...sending, key: "l" });
    stopwatch.advance(LEASE_MS);
    commands.startBoundAfterLease(sending);
    expect(commands.boundLeftMs(unknown)).toBe(LEASE_MS + LATE_MS + 1);
  });
});

describe("when an outcome can be stated", () => {
  test("a send under way: one bound after its lease, which may have ended", () => {
    const claimed = claimedAs(sendingIntent(SENT_AT + 1_000));
    expect(commands.settlesAt(claimed)).toBe(SENT_AT + 1_000 + LATE_MS + 1);
    clock.advance(5_000);
    expect(commands.settlesAt(claimed)).toBe(SENT_AT + 5_000 + LATE_MS + 1);
  });

  test("an unknown outcome: as it was stored, while that is later than the end of the bound", () => {
    const claimed = claimedAs(unknownIntent({ state: { name: "unknown", settlesAt: SENT_AT + FAR_MS } }));
    expect(commands.settlesAt(claimed)).toBe(SENT_AT + FAR_MS);
  });

  test("an unknown outcome: at the end of the bound, when a restart has started that again", () => {
    const claimed = claimedAs(unknownIntent({ state: { name: "unknown", settlesAt: SENT_AT + 20 } }));
    expect(commands.settlesAt(claimed)).toBe(SENT_AT + LATE_MS + 1);
    stopwatch.advance(10_000);
    expect(commands.settlesAt(claimed)).toBe(SENT_AT + LATE_MS + 1 - 10_000);
  });

  test("an unknown outcome whose bound is over: at the next attempt to read the practice", () => {
    const claimed = claimedAs(unknownIntent());
    commands.observe(claimed);
    stopwatch.advance(LATE_MS + 1);
    clock.advance(LATE_MS + 1);
    expect(commands.earliestSettlesAt(claimed)).toBe(SENT_AT + LATE_MS + 1 + 5_000);
    expect(commands.settlesAt(claimed)).toBe(SENT_AT + LATE_MS + 1 + 5_000);
  });

  test.each<IntentState>([DONE, { name: "absent" }, { name: "refused", refusal: {} }])(
    "%j: what has become of it since, at the next attempt to read the practice",
    (state) => {
      expect(commands.settlesAt(claimedAs(unknownIntent({ state })))).toBe(SENT_AT + 5_000);
    },
  );

  test("a send that another request is about to make: one bound after a lease from now", () => {
    expect(commands.latestSettlesAt()).toBe(SENT_AT + LEASE_MS + LATE_MS + 1);
  });
});

describe("the time that a request has to wait", () => {
  test("must be longer than the wait", () => {
    const now = jest.spyOn(performance, "now").mockReturnValue(1_000);
    const signal = withDeadline(500, new AbortController().signal);
    now.mockReturnValue(1_200);
    expect(commands.canWait(299, signal)).toBe(true);
    expect(commands.canWait(300, signal)).toBe(false);
  });

  test("has no end without a deadline", () => {
    expect(commands.canWait(FAR_MS, new AbortController().signal)).toBe(true);
  });

  test("is over when the request has ended", () => {
    expect(commands.canWait(0, AbortSignal.abort())).toBe(false);
  });
});

describe("an outcome that is saved", () => {
  test("is stored as it is, and given back as it is stored now", async () => {
    const claimed = await claimIn(commands.store, "k", unknownIntent());
    const outcome = { state: DONE, sends: SPENT, attempt: "attempt-1" };
    const saved = await commands.save(claimed, done(outcome));
    expect(saved).toMatchObject({ key: "k", revision: 2, intent: outcome });
    expect(await stored()).toMatchObject({ revision: 2, intent: outcome });
  });

  test.each<[string, TestIntent]>([
    ["done", done()],
    ["refused", refused()],
    ["absent", unknownIntent({ sends: SPENT, state: { name: "absent" } })],
    ["unknown for good", unknownIntent({ state: { name: "unknown", settlesAt: 0, forGood: true } })],
  ])("no longer holds the caller's sign-in once nothing needs it: %s", async (_, outcome) => {
    const claimed = await claimIn(commands.store, "k", sendingIntent(SENT_AT));
    const saved = await commands.save(claimed, outcome);
    expect(saved?.intent.details).toMatchObject({ handle: "the caller's own key" });
    expect(saved?.intent.details.idToken).toBeUndefined();
    expect((await stored()).intent.details.idToken).toBeUndefined();
  });

  test.each<[string, TestIntent]>([
    ["unknown", unknownIntent()],
    ["done, while an earlier send may still take effect", done({ sends: unknownIntent().sends })],
  ])("keeps the caller's sign-in while it must be reconciled: %s", async (_, outcome) => {
    const claimed = await claimIn(commands.store, "k", sendingIntent(SENT_AT));
    await commands.save(claimed, outcome);
    expect((await stored()).intent.details.idToken).toBe("a sign-in");
  });

  test("forgets the bound and the lease of the key once it is closed, so that its next use starts again", async () => {
    const sending = await claimIn(commands.store, "k", sendingIntent(SENT_AT + FAR_MS));
    commands.observe(sending);
    commands.observe(claimedAs(unknownIntent()));
    stopwatch.advance(LEASE_MS);
    await commands.save(sending, refused());
    expect(commands.isLeaseExpired(sending)).toBe(false);
    expect(commands.boundLeftMs(claimedAs(unknownIntent()))).toBe(LATE_MS + 1);
  });

  test("the lease of a key that was freed and claimed again is measured from its start", async () => {
    const first = await claimIn(commands.store, "k", sendingIntent(SENT_AT + LEASE_MS));
    commands.observe(first);
    stopwatch.advance(LEASE_MS);
    clock.advance(LEASE_MS);
    await commands.store.remove(first);
    // By another process, which is alive.
    const again = await claimIn(commands.store, "k", sendingIntent(clock.now() + LEASE_MS));
    expect(commands.isLeaseExpired(again)).toBe(false);
    commands.startBoundAfterLease(again);
    const unknown = { ...again, intent: { ...again.intent, state: unknownIntent().state } };
    expect(commands.boundLeftMs(unknown)).toBe(LEASE_MS + LATE_MS + 1);
  });

  test("forgets what it has observed of keys that are neither open nor under way here", async () => {
    for (const key of ["open", "gone", "under way"]) commands.observe(claimedAs(unknownIntent(), key));
    let finish = () => {};
    const work = commands.inFlight.run("under way", () => new Promise<void>((resolve) => (finish = resolve)));
    stopwatch.advance(100);
    commands.forgetUnless(new Set(["open"]));
    finish();
    await work;
    const leftOf = (key: string) => commands.boundLeftMs(claimedAs(unknownIntent(), key));
    expect([leftOf("open"), leftOf("under way")]).toEqual([LATE_MS + 1 - 100, LATE_MS + 1 - 100]);
    expect(leftOf("gone")).toBe(LATE_MS + 1);
  });

  test("keeps the measurements of a command that stays open, and of every other", async () => {
    const sending = await claimIn(commands.store, "k", sendingIntent(SENT_AT + FAR_MS));
    const other = await claimIn(commands.store, "l", sendingIntent(SENT_AT));
    for (const key of ["k", "l"]) {
      commands.observe(claimedAs(sendingIntent(SENT_AT + FAR_MS), key));
      commands.observe(claimedAs(unknownIntent(), key));
    }
    stopwatch.advance(LEASE_MS);
    await commands.save(sending, unknownIntent());
    await commands.save(other, refused());
    expect(commands.isLeaseExpired(sending)).toBe(true);
    expect(commands.boundLeftMs(claimedAs(unknownIntent()))).toBe(0);
  });
});

describe("an outcome of an intent that another process has changed meanwhile", () => {
  test.each<[string, TestIntent]>([
    ["unknown", unknownIntent()],
    ["absent", unknownIntent({ state: { name: "absent" }, sends: SPENT })],
    ["refused", refused()],
  ])("%s: yields to what was written, at once", async (_, outcome) => {
    const claimed = await claimIn(commands.store, "k", sendingIntent(SENT_AT));
    await replaceIn(commands.store, claimed, { content: "newer" });
    const replace = jest.spyOn(entries, "replace");
    expect(await commands.save(claimed, outcome)).toBeUndefined();
    expect(replace).toHaveBeenCalledTimes(1);
    expect(await stored()).toMatchObject({ revision: 2, intent: { content: "newer" } });
    // It was no failure of the store, so nothing is to be saved later.
    await commands.saveUnsaved();
    expect(replace).toHaveBeenCalledTimes(1);
  });

  test("done: is the truth whatever was written, with the sends and the audit record of the latest", async () => {
    const claimed = await claimIn(commands.store, "k", unknownIntent());
    const again = { at: SENT_AT + 9, end: "open" } as const;
    await replaceIn(commands.store, claimed, { sends: [...SPENT, again], attempt: "attempt-2" });
    const saved = await commands.save(claimed, done({ attempt: "attempt-1" }));
    expect(saved).toMatchObject({
      revision: 3,
      intent: { state: DONE, sends: [SPENT[0], again], attempt: "attempt-2" },
    });
    expect((await stored()).intent.sends).toEqual([SPENT[0], again]);
  });

  test("done: is not written over what another process found out", async () => {
    const claimed = await claimIn(commands.store, "k", unknownIntent());
    const theirs = { name: "done", result: "as the other process has read it" } as const;
    await replaceIn(commands.store, claimed, { state: theirs, sends: SPENT });
    const saved = await commands.save(claimed, done());
    expect(saved).toMatchObject({ revision: 2, intent: { state: theirs } });
    expect(await stored()).toMatchObject({ revision: 2, intent: { state: theirs } });
  });

  const changeBefore = (writes: number) => {
    const { replace } = entries;
    let left = writes;
    return jest.spyOn(entries, "replace").mockImplementation(async (key, revision, ...rest) => {
      if (left > 0) {
        left -= 1;
        const entry = await entries.get(key);
        if (entry) await replace(key, entry.revision, entry);
      }
      return replace(key, revision, ...rest);
    });
  };

  test("done: is written at the third attempt when the others came too late", async () => {
    const claimed = await claimIn(commands.store, "k", unknownIntent());
    const replace = changeBefore(2);
    expect(await commands.save(claimed, done())).toMatchObject({ revision: 4, intent: { state: DONE } });
    expect(replace).toHaveBeenCalledTimes(3);
  });

  test("done: is left to the sweeper after three attempts", async () => {
    const claimed = await claimIn(commands.store, "k", unknownIntent());
    const claim = jest.spyOn(entries, "claim");
    const replace = changeBefore(9);
    expect(await commands.save(claimed, done())).toBeUndefined();
    expect(replace).toHaveBeenCalledTimes(3);
    expect(claim).not.toHaveBeenCalled();
    expect((await stored()).intent.state.name).toBe("unknown");
  });
});

describe("an outcome of an intent that another process has removed meanwhile", () => {
  const removed = async () => {
    const claimed = await claimIn(commands.store, "k", unknownIntent());
    await commands.store.remove(claimed);
    return claimed;
  };

  test("done: binds the key again, without the audit record that was closed", async () => {
    const claimed = await removed();
    const saved = await commands.save(claimed, done({ attempt: "attempt-1" }));
    expect(saved).toMatchObject({ key: "k", intent: { state: DONE, sends: SPENT } });
    expect(saved?.intent.attempt).toBeUndefined();
    expect((await stored()).intent.state).toEqual(DONE);
    expect((await stored()).intent.attempt).toBeUndefined();
  });

  test("done: leaves the key free when the outcome frees it", async () => {
    const claimed = await removed();
    expect(await commands.save(claimed, done(), true)).toBeUndefined();
    expect(await commands.store.get("k")).toBeUndefined();
  });

  test("done: yields to a request that has bound the key since", async () => {
    const claimed = await removed();
    const replace = jest.spyOn(entries, "replace");
    const get = jest.spyOn(entries, "get").mockImplementationOnce(async () => {
      await claimIn(commands.store, "k", sendingIntent(SENT_AT, { content: "newer" }));
      return undefined;
    });
    replace.mockResolvedValueOnce({ kind: "stale" });
    expect(await commands.save(claimed, done())).toBeUndefined();
    expect(get).toHaveBeenCalledTimes(1);
    expect((await stored()).intent.content).toBe("newer");
  });

  test.each<[string, TestIntent]>([
    ["unknown", unknownIntent()],
    ["refused", refused()],
  ])("%s: leaves the key free", async (_, outcome) => {
    const claimed = await removed();
    expect(await commands.save(claimed, outcome)).toBeUndefined();
    expect(await commands.store.get("k")).toBeUndefined();
  });
});

describe("an outcome that the store did not take", () => {
  test.each<[string, TestIntent]>([
    ["done", done()],
    ["refused", refused()],
  ])("%s: is kept, and saved once it can be, without the caller's sign-in", async (_, outcome) => {
    const claimed = await claimIn(commands.store, "k", unknownIntent());
    storeFails("replace");
    expect(await commands.save(claimed, outcome)).toBeUndefined();
    expect((await stored()).intent.state.name).toBe("unknown");

    storeFails("replace");
    await commands.saveUnsaved();
    expect((await stored()).intent.state.name).toBe("unknown");

    await commands.saveUnsaved();
    expect(await stored()).toMatchObject({ revision: 2, intent: { state: outcome.state } });
    expect((await stored()).intent.details.idToken).toBeUndefined();
  });

  test("is saved once", async () => {
    const claimed = await claimIn(commands.store, "k", unknownIntent());
    storeFails("replace");
    await commands.save(claimed, refused());
    await commands.saveUnsaved();
    const replace = jest.spyOn(entries, "replace").mockClear();
    await commands.saveUnsaved();
    expect(replace).not.toHaveBeenCalled();
  });

  test.each<[string, TestIntent]>([
    ["unknown", unknownIntent()],
    ["absent", unknownIntent({ state: { name: "absent" }, sends: SPENT })],
  ])("%s: is left to the sweeper", async (_, outcome) => {
    const claimed = await claimIn(commands.store, "k", sendingIntent(SENT_AT));
    const replace = storeFails("replace");
    expect(await commands.save(claimed, outcome)).toBeUndefined();
    await commands.saveUnsaved();
    expect(replace).toHaveBeenCalledTimes(1);
    expect((await stored()).intent.state.name).toBe("sending");
  });

  test("is not saved later when the outcome was saved meanwhile, as it was read then", async () => {
    const claimed = await claimIn(commands.store, "k", unknownIntent());
    storeFails("replace");
    await commands.save(claimed, done({ state: { name: "done", result: "as it was read first" } }));
    const saved = await commands.save(claimed, done());
    const replace = jest.spyOn(entries, "replace").mockClear();
    await commands.saveUnsaved();
    expect(replace).not.toHaveBeenCalled();
    expect(await stored()).toMatchObject({ revision: saved?.revision, intent: { state: DONE } });
  });

  test("all of them are saved, also when one of them still cannot be", async () => {
    for (const key of ["k", "l", "m"]) {
      const claimed = await claimIn(commands.store, key, unknownIntent());
      storeFails("replace");
      await commands.save(claimed, refused(key));
    }
    storeFails("replace");
    await commands.saveUnsaved();
    expect((await stored("k")).intent.state.name).toBe("unknown");
    expect((await stored("l")).intent.state).toEqual({ name: "refused", refusal: "l" });
    expect((await stored("m")).intent.state).toEqual({ name: "refused", refusal: "m" });
    await commands.saveUnsaved();
    expect((await stored("k")).intent.state).toEqual({ name: "refused", refusal: "k" });
  });

  test.each([true, false])("still frees its key when it is saved later: %s", async (isKeyFreed) => {
    const claimed = await claimIn(commands.store, "k", unknownIntent());
    storeFails("replace");
    await commands.save(claimed, done(), isKeyFreed);
    await commands.store.remove(claimed);
    await commands.saveUnsaved();
    expect((await commands.store.get("k")) === undefined).toBe(isKeyFreed);
  });

  test("is known to be saved when the store took it and could not say so", async () => {
    const claimed = await claimIn(commands.store, "k", unknownIntent());
    const { replace } = entries;
    jest.spyOn(entries, "replace").mockImplementationOnce(async (...request) => {
      await replace(...request);
      throw new Error("the connection was lost");
    });
    await commands.save(claimed, done());
    await commands.saveUnsaved();
    expect(await stored()).toMatchObject({ revision: 2, intent: { state: DONE } });
  });

  test.each(["get", "claim"] as const)("is kept when the store fails in the middle: %s", async (method) => {
    const claimed = await claimIn(commands.store, "k", unknownIntent());
    await commands.store.remove(claimed);
    storeFails(method);
    expect(await commands.save(claimed, done())).toBeUndefined();
    await commands.saveUnsaved();
    expect((await stored()).intent.state).toEqual(DONE);
  });
});

describe("what a coordinator is given", () => {
  test("keys and waits are those of the deployment", async () => {
    const wait = jest.fn(async () => {});
    commands = createTestCoordinator({ clock, wait, rules: { leaseMs: 5, requireVerifiedDetails: true } });
    expect([commands.newKey(), commands.newKey()]).toEqual(["made-1", "made-2"]);
    expect(commands.rules).toMatchObject({ leaseMs: 5, requireVerifiedDetails: true });
    const { signal } = new AbortController();
    await commands.wait(7, signal);
    expect(wait).toHaveBeenCalledWith(7, signal);
  });
});
