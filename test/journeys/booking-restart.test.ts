import { CommandBench } from "./command-bench.js";
import { silence } from "./fake-practice.js";
import { settle } from "./waiting.js";

const key = "the caller's own key";
const unknown = { kind: "outcome-unknown", handle: key };
const LATE_MS = 30_000;
const LEASE_MS = 37_000;

describe("our process is killed", () => {
  /** The create has left and nobody will ever hear of it. */
  const kill = async (bench: CommandBench, committed: boolean) => {
    const never = new Promise<void>(() => {});
    if (committed) bench.practice.next("createAppointment", "lost-after");
    else bench.practice.next("createAppointment", { after: never });
    if (committed) bench.practice.next("fetchAppointments", { after: never });
    void bench.book({ idempotencyKey: key });
    await settle();
    bench.restart();
  };

  // Proves HAZ-FALSE-FAILURE, HAZ-19-48.
  test.each([
    ["and the practice had booked", true, { kind: "booked", recovered: true }],
    ["and the practice had not", false, { kind: "booked", recovered: false }],
  ])("%s: whoever asks again gets the truth, and one appointment stands", async (_case, committed, end) => {
    const bench = new CommandBench();
    await kill(bench, committed);
    // Somebody may still be at work on it, for all this process knows.
    expect(await bench.book({ idempotencyKey: key })).toEqual(unknown);

    bench.advance(LEASE_MS);
    expect(await bench.book({ idempotencyKey: key })).toMatchObject(end);
    expect(bench.practice.standing()).toHaveLength(1);
  });

  test("it is settled within a minute of the restart, although nobody asks", async () => {
    for (const committed of [true, false]) {
      const bench = new CommandBench();
      await kill(bench, committed);
      for (let seconds = 0; seconds <= 60; seconds += 5) {
        await bench.sweeper.step();
        bench.advance(5_000);
      }
      expect(bench.settlements().at(-1)).toBe(committed ? "BOOKED" : "ABSENT");
      expect(await bench.store.open()).toEqual([]);
    }
  });
});

describe("clocks jump", () => {
  const lose = async (bench: CommandBench) => {
    bench.practice.next("createAppointment", "late");
    bench.practice.next("fetchAppointments", silence());
    expect(await bench.book({ idempotencyKey: key })).toEqual(unknown);
  };

  test("an hour ahead: absence is not certain any sooner", async () => {
    const bench = new CommandBench();
    await lose(bench);
    bench.clock.advance(3_600_000);

    await bench.sweeper.step();
    expect(bench.settlements()).toEqual(["PENDING"]);

    bench.stopwatch.advance(10_000);
    bench.practice.catchUp();
    await bench.sweeper.step();
    expect(bench.settlements()).toEqual(["PENDING", "BOOKED"]);
  });

  test("an hour back: it is settled no later", async () => {
    const bench = new CommandBench();
    await lose(bench);
    bench.clock.advance(-3_600_000);
    bench.stopwatch.advance(LATE_MS + 1);

    await bench.sweeper.step();

    expect(bench.settlements()).toEqual(["ABSENT"]);
  });

  test("back while a killed process holds its lease: it is taken for dead all the same", async () => {
    const bench = new CommandBench();
    bench.practice.next("createAppointment", { after: new Promise<void>(() => {}) });
    void bench.book({ idempotencyKey: key });
    await settle();
    bench.restart();
    bench.clock.advance(-24 * 3_600_000);
    await bench.sweeper.step();
    bench.stopwatch.advance(LEASE_MS);

    await bench.sweeper.step();

    expect(bench.settlements()).toEqual(["ABSENT"]);
  });
});
