import type { CommandCoordinator } from "../../src/commands/command-coordinator.js";
import { Sweeper, type SweeperOptions } from "../../src/commands/sweeper.js";
import type { IntentStore } from "../../src/platform/store/index.js";
import { TestClock } from "../support/call-context.js";
import { createMemoryIntentStore } from "../support/memory-intent-store.js";
import { createTestCoordinator } from "../support/test-coordinator.js";
import { claimIn, replaceIn, SENT_AT, sendingIntent, type TestIntent, unknownIntent } from "./intents.js";

const LATE_MS = 30_000;
const LEASE_MS = 37_000;
const SPENT = [{ at: SENT_AT, end: "expired" }] as const;
const refused = unknownIntent({ sends: SPENT, state: { name: "refused", refusal: "no" } });

let clock: TestClock;
let stopwatch: TestClock;
let entries: IntentStore;
let commands: CommandCoordinator;
let reconcile: jest.Mock<Promise<unknown>, Parameters<SweeperOptions["reconcile"]>>;
let warn: jest.Mock;
let sweeper: Sweeper;
beforeEach(() => {
  clock = new TestClock();
  stopwatch = new TestClock(500);
  entries = createMemoryIntentStore(clock);
  commands = createTestCoordinator({ clock, stopwatch, store: entries });
  reconcile = jest.fn(async (_claimed) => {});
  warn = jest.fn();
  sweeper = new Sweeper({ commands, stopwatch, reconcile, log: { warn } });
});
afterEach(async () => {
  await sweeper.stop();
  jest.restoreAllMocks();
});

const claim = (key: string, intent: TestIntent = unknownIntent()) => claimIn(commands.store, key, intent);
/** What a step reconciles. */
async function stepped(): Promise<string[]> {
  reconcile.mockClear();
  await sweeper.step();
  return reconcile.mock.calls.map(([{ key }]) => key).sort();
}
/** A step this much later reconciles this. */
async function steppedAfter(ms: number): Promise<string[]> {
  stopwatch.advance(ms);
  return stepped();
}
/** Everything that is ready to run has run. */
const allReady = () => new Promise<void>((resolve) => setImmediate(resolve));
async function untilReconciling(intents: number): Promise<void> {
  for (let turns = 0; turns < 1_000 && reconcile.mock.calls.length < intents; turns += 1) await allReady();
}

describe("a step of the sweeper", () => {
  test("reconciles each open intent, as it is stored, and no other", async () => {
    const { intent, revision } = await claim("k");
    await claim("closed", refused);
    await claim("l");
    expect(await stepped()).toEqual(["k", "l"]);
    expect(reconcile.mock.calls.find(([{ key }]) => key === "k")).toEqual([
      { key: "k", revision, intent: expect.objectContaining(intent) },
    ]);
    expect(warn).not.toHaveBeenCalled();
  });

  test("leaves alone what this process is at work on", async () => {
    await claim("k");
    await claim("l");
    let finish = () => {};
    const work = commands.inFlight.run("k", () => new Promise<void>((resolve) => (finish = resolve)));
    expect(await stepped()).toEqual(["l"]);
    finish();
    await work;
    expect(await stepped()).toEqual(["k"]);
  });

  test("leaves alone what another process sends, until its lease has expired", async () => {
    await claim("k", sendingIntent(SENT_AT + LEASE_MS));
    expect(await stepped()).toEqual([]);
    clock.advance(LEASE_MS - 1);
    expect(await stepped()).toEqual([]);
    clock.advance(1);
    expect(await stepped()).toEqual(["k"]);
  });

  test("measures a lease from the first step that saw it, whatever the other clock says", async () => {
    await claim("k", sendingIntent(SENT_AT + 24 * 3_600_000));
    expect(await stepped()).toEqual([]);
    expect(await steppedAfter(LEASE_MS - 1)).toEqual([]);
    expect(await steppedAfter(1)).toEqual(["k"]);
  });

  test("reconciles eight intents at a time", async () => {
    let finish = () => {};
    const practice = new Promise<void>((resolve) => (finish = resolve));
    for (let i = 0; i < 20; i += 1) await claim(`k${i}`);
    reconcile.mockImplementation(() => practice);
    const step = sweeper.step();
    await untilReconciling(8);
    await allReady();
    expect(reconcile).toHaveBeenCalledTimes(8);
    finish();
    await step;
    expect(reconcile).toHaveBeenCalledTimes(20);
  });

  test("an intent that cannot be reconciled does not keep the others from it, and is reconciled again later", async () => {
    await claim("k");
    await claim("l");
    await claim("m");
    reconcile.mockImplementation(async ({ key }) => {
      if (key === "k") throw new TypeError("it names Maja Lindqvist");
      if (key === "l") throw "nothing that has a name";
    });
    expect(await stepped()).toEqual(["k", "l", "m"]);
    // The message of the error could identify a patient.
    expect(warn.mock.calls).toEqual([
      [{ error: "TypeError" }, "an intent could not be reconciled"],
      [{ error: "unknown" }, "an intent could not be reconciled"],
    ]);
    expect(await steppedAfter(4_999)).toEqual([]);
    expect(await steppedAfter(1)).toEqual(["k", "l", "m"]);
  });

  test("needs no log", async () => {
    sweeper = new Sweeper({ commands, stopwatch, reconcile });
    await claim("k");
    reconcile.mockRejectedValueOnce(new Error("the practice is down"));
    expect(await stepped()).toEqual(["k"]);
    jest.spyOn(entries, "open").mockRejectedValueOnce(new Error("the disk is full"));
    await expect(sweeper.step()).resolves.toBeUndefined();
  });

  test("is shared by a call meanwhile; the next call makes another", async () => {
    await claim("k");
    const [first, second] = [sweeper.step(), sweeper.step()];
    expect(second).toBe(first);
    await first;
    expect(reconcile).toHaveBeenCalledTimes(1);
    expect(await steppedAfter(5_000)).toEqual(["k"]);
  });
});

describe("a store that the sweeper cannot read", () => {
  test("is reported, and nothing is reconciled until it can be read", async () => {
    await claim("k");
    await stepped();
    const before = commands.unsettled;
    jest.spyOn(entries, "open").mockRejectedValueOnce(new Error("the disk is full"));
    expect(await steppedAfter(5_000)).toEqual([]);
    expect(warn.mock.calls).toEqual([["the intents cannot be read; nothing is reconciled until they can"]]);
    expect(commands.unsettled).toBe(before);
    expect(await stepped()).toEqual(["k"]);
    expect(warn).toHaveBeenCalledTimes(1);
  });

  test("outcomes that it did not take are saved first, and need no reconciliation then", async () => {
    const claimed = await claim("k");
    jest.spyOn(entries, "replace").mockRejectedValueOnce(new Error("the disk is full"));
    await commands.save(claimed, refused);
    expect(await stepped()).toEqual([]);
    expect((await commands.store.get("k"))?.intent.state).toEqual(refused.state);
    expect(commands.unsettled).toEqual([]);
  });
});

describe("the pauses between two read-backs of one intent", () => {
  test("double up to the longest", async () => {
    await claim("k", unknownIntent({ sends: SPENT }));
    expect(await stepped()).toEqual(["k"]);
    for (const pause of [5_000, 10_000, 20_000, 20_000, 20_000]) {
      expect(await steppedAfter(pause - 1)).toEqual([]);
      expect(await steppedAfter(1)).toEqual(["k"]);
    }
  });

  test("start when the read-back has ended", async () => {
    await claim("k", unknownIntent({ sends: SPENT }));
    reconcile.mockImplementationOnce(async () => stopwatch.advance(3_000));
    await sweeper.step();
    expect(await steppedAfter(4_999)).toEqual([]);
    expect(await steppedAfter(1)).toEqual(["k"]);
  });

  test("belong to each intent by itself", async () => {
    await claim("k");
    await stepped();
    stopwatch.advance(1_000);
    await claim("l");
    expect(await stepped()).toEqual(["l"]);
    expect(await steppedAfter(4_000)).toEqual(["k"]);
    expect(await steppedAfter(1_000)).toEqual(["l"]);
  });

  test("end as soon as the bound is over, once", async () => {
    await claim("k");
    for (const pause of [0, 5_000, 10_000]) expect(await steppedAfter(pause)).toEqual(["k"]);
    // The pause would last five seconds longer than the bound.
    expect(await steppedAfter(LATE_MS - 15_000)).toEqual([]);
    expect(await steppedAfter(1)).toEqual(["k"]);
    expect(await steppedAfter(1)).toEqual([]);
    expect(await steppedAfter(19_998)).toEqual([]);
    expect(await steppedAfter(1)).toEqual(["k"]);
  });

  test("are decided by the bound before the read-back, not after it", async () => {
    await claim("k");
    reconcile.mockImplementationOnce(async () => stopwatch.advance(LATE_MS + 1));
    await sweeper.step();
    // What was read while the bound ran proves nothing.
    expect(await stepped()).toEqual(["k"]);
    expect(await stepped()).toEqual([]);
  });

  test("start again for a key that was closed meanwhile", async () => {
    const claimed = await claim("k", unknownIntent({ sends: SPENT }));
    await stepped();
    expect(await steppedAfter(5_000)).toEqual(["k"]);
    const absent = await replaceIn(commands.store, claimed, { state: { name: "absent" } });
    expect(await stepped()).toEqual([]);
    await replaceIn(commands.store, absent, { state: claimed.intent.state });
    expect(await stepped()).toEqual(["k"]);
    expect(await steppedAfter(5_000)).toEqual(["k"]);
  });

  test("go on for a key that stays open", async () => {
    const claimed = await claim("k", unknownIntent({ sends: SPENT }));
    await stepped();
    await replaceIn(commands.store, claimed, {});
    expect(await steppedAfter(4_999)).toEqual([]);
    expect(await steppedAfter(1)).toEqual(["k"]);
  });
});

describe("what is unsettled", () => {
  test("is what is open and not in flight, since its first send", async () => {
    const sends = [...SPENT, { at: SENT_AT + 9, end: "open" }] as const;
    await claim("k", unknownIntent({ kind: "cancel", sends }));
    await claim("l", sendingIntent(SENT_AT + LEASE_MS, { sends: [] }));
    await claim("closed", refused);
    await claim("m");
    let finish = () => {};
    const work = commands.inFlight.run("m", () => new Promise<void>((resolve) => (finish = resolve)));
    await sweeper.step();
    expect([...commands.unsettled].sort((one, two) => two.since - one.since)).toEqual([
      { kind: "cancel", since: SENT_AT },
      { kind: "book", since: 0 },
    ]);
    finish();
    await work;
    await sweeper.step();
    expect(commands.unsettled).toHaveLength(3);
  });

  test("is known before it is reconciled", async () => {
    await claim("k");
    const seen: number[] = [];
    reconcile.mockImplementation(async () => seen.push(commands.unsettled.length));
    await sweeper.step();
    expect(seen).toEqual([1]);
  });
});

describe("a process that does not lead", () => {
  test("reconciles nothing and reports nothing, but observes, so that it can take over", async () => {
    let isLeader = false;
    sweeper.start(() => isLeader);
    const claimed = await claim("k");
    await claim("l", sendingIntent(SENT_AT + 24 * 3_600_000));
    expect(await stepped()).toEqual([]);
    expect(commands.unsettled).toEqual([]);

    stopwatch.advance(LEASE_MS);
    expect(commands.boundLeftMs(claimed)).toBe(0);
    isLeader = true;
    expect(await stepped()).toEqual(["k", "l"]);
    expect(commands.unsettled).toHaveLength(2);
    isLeader = false;
    expect(await steppedAfter(5_000)).toEqual([]);
    expect(commands.unsettled).toEqual([]);
  });

  test("saves its own outcomes", async () => {
    sweeper.start(() => false);
    const claimed = await claim("k");
    jest.spyOn(entries, "replace").mockRejectedValueOnce(new Error("the disk is full"));
    await commands.save(claimed, refused);
    await sweeper.step();
    expect((await commands.store.get("k"))?.intent.state).toEqual(refused.state);
  });

  test("stays one when it is started again without being told", async () => {
    await claim("k");
    sweeper.start(() => false);
    sweeper.start();
    expect(await stepped()).toEqual([]);
    sweeper.start(() => true);
    expect(await stepped()).toEqual(["k"]);
  });

  test("leads when it was never told otherwise", async () => {
    await claim("k");
    sweeper.start();
    expect(await stepped()).toEqual(["k"]);
  });
});

describe("the timer of the sweeper", () => {
  test("makes a step every five seconds, and does not keep the process alive", () => {
    const setTimer = jest.spyOn(globalThis, "setInterval");
    sweeper.start();
    sweeper.start();
    expect(setTimer).toHaveBeenCalledTimes(1);
    expect(setTimer.mock.calls[0]?.[1]).toBe(5_000);
    const timer = setTimer.mock.results[0]?.value as NodeJS.Timeout;
    expect(timer.hasRef()).toBe(false);
    const step = jest.spyOn(sweeper, "step").mockResolvedValue();
    setTimer.mock.calls[0]?.[0]();
    expect(step).toHaveBeenCalledTimes(1);
  });

  test("ends when the sweeper is stopped, and starts again with it", async () => {
    const [setTimer, clearTimer] = [
      jest.spyOn(globalThis, "setInterval"),
      jest.spyOn(globalThis, "clearInterval"),
    ];
    sweeper.start();
    await sweeper.stop();
    expect(clearTimer).toHaveBeenCalledWith(setTimer.mock.results[0]?.value);
    sweeper.start();
    expect(setTimer).toHaveBeenCalledTimes(2);
  });

  test("stopping waits for the step under way", async () => {
    await claim("k");
    let finish = () => {};
    reconcile.mockImplementation(() => new Promise<void>((resolve) => (finish = resolve)));
    const step = sweeper.step();
    await untilReconciling(1);
    let hasStopped = false;
    const stopping = sweeper.stop().then(() => {
      hasStopped = true;
    });
    await allReady();
    expect(hasStopped).toBe(false);
    finish();
    await Promise.all([step, stopping]);
    expect(hasStopped).toBe(true);
  });
});
