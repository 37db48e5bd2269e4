import { findBookingOutcome } from "../../src/journeys/book/find-booking-outcome.js";
import { CommandHarness } from "./command-harness.js";
import { silence } from "./fake-practice.js";
import { settle } from "./waiting.js";

const key = "the caller's own key";
const unknown = { kind: "outcome-unknown", handle: key, settlesAt: expect.any(Number) };
const LATE_MS = 30_000;
const LEASE_MS = 37_000;

describe("our process is killed", () => {
  /** The create has left and nobody will ever hear of it. */
  const kill = async (harness: CommandHarness, committed: boolean) => {
    const never = new Promise<void>(() => {});
    if (committed) harness.practice.next("createAppointment", "lost-after");
    else harness.practice.next("createAppointment", { after: never });
    if (committed) harness.practice.next("fetchAppointments", { after: never });
    void harness.book({ idempotencyKey: key });
    await settle();
    harness.restart();
  };

  // Proves HAZ-FALSE-FAILURE, HAZ-19-48.
  test.each([
    ["and the practice had booked", true, { kind: "booked", recovered: true }],
    ["and the practice had not", false, { kind: "booked", recovered: false }],
  ])("%s: whoever asks again gets the truth, and one appointment stands", async (_case, committed, end) => {
    const harness = new CommandHarness();
    await kill(harness, committed);
    // Somebody may still be at work on it, for all this process knows.
    expect(await harness.book({ idempotencyKey: key })).toEqual(unknown);

    harness.advance(LEASE_MS);
    if (!committed) {
      // The bound starts when the lease is seen to have expired.
      expect(await harness.book({ idempotencyKey: key })).toEqual(unknown);
      harness.advance(LATE_MS + 1);
    }
    expect(await harness.book({ idempotencyKey: key })).toMatchObject(end);
    expect(harness.practice.standing()).toHaveLength(1);
  });

  test("settlesAt is never in the past, even when the stored time has passed unread", async () => {
    const harness = new CommandHarness();
    harness.practice.next("createAppointment", "lost-before");
    expect(await harness.book({ idempotencyKey: key })).toEqual(unknown);
    harness.advance(3_600_000);
    harness.restart();

    const stored = await findBookingOutcome(key, harness.context());

    expect(stored).toEqual(unknown);
    expect(stored).toHaveProperty("settlesAt", harness.clock.now() + LATE_MS + 1);
  });

  test("a killed booking is reconciled after its lease and its bound, without a request", async () => {
    for (const committed of [true, false]) {
      const harness = new CommandHarness();
      await kill(harness, committed);
      for (let seconds = 0; seconds <= 90; seconds += 5) {
        await harness.sweeper.step();
        harness.advance(5_000);
      }
      expect(harness.settlements().at(-1)).toBe(committed ? "BOOKED" : "ABSENT");
      expect(await harness.store.open()).toEqual([]);
    }
  });

  test("of several processes with one store only the leader reconciles, and another can take over at once", async () => {
    const harness = new CommandHarness();
    await kill(harness, true);
    let isLeader = false;
    harness.sweeper.start(() => isLeader);
    for (let seconds = 0; seconds <= 90; seconds += 5) {
      await harness.sweeper.step();
      harness.advance(5_000);
    }
    expect(harness.settlements()).toEqual([]);
    expect(harness.commands.unsettled).toEqual([]);

    // It has observed the lease of the ended process all along.
    isLeader = true;
    await harness.sweeper.step();
    expect(harness.settlements().at(-1)).toBe("BOOKED");
    await harness.sweeper.stop();
  });
});

describe("clocks jump", () => {
  const lose = async (harness: CommandHarness) => {
    harness.practice.next("createAppointment", "late");
    harness.practice.next("fetchAppointments", silence());
    expect(await harness.book({ idempotencyKey: key })).toEqual(unknown);
  };

  test("an hour ahead: absence is not certain any sooner", async () => {
    const harness = new CommandHarness();
    await lose(harness);
    harness.clock.advance(3_600_000);

    await harness.sweeper.step();
    expect(harness.settlements()).toEqual(["PENDING"]);

    harness.stopwatch.advance(10_000);
    harness.practice.catchUp();
    await harness.sweeper.step();
    expect(harness.settlements()).toEqual(["PENDING", "BOOKED"]);
  });

  test("the clock goes back an hour: reconciliation is no later", async () => {
    const harness = new CommandHarness();
    await lose(harness);
    harness.clock.advance(-3_600_000);
    harness.stopwatch.advance(LATE_MS + 1);

    await harness.sweeper.step();

    expect(harness.settlements()).toEqual(["ABSENT"]);
  });

  test("the clock goes back while a killed process holds a lease: the lease still expires", async () => {
    const harness = new CommandHarness();
    harness.practice.next("createAppointment", { after: new Promise<void>(() => {}) });
    void harness.book({ idempotencyKey: key });
    await settle();
    harness.restart();
    harness.clock.advance(-24 * 3_600_000);
    await harness.sweeper.step();
    harness.stopwatch.advance(LEASE_MS);
    await harness.sweeper.step();
    expect(harness.settlements()).toEqual(["PENDING"]);
    harness.stopwatch.advance(LATE_MS + 1);

    await harness.sweeper.step();

    expect(harness.settlements()).toEqual(["PENDING", "ABSENT"]);
  });
});
