import type { BookingOutcome } from "../../src/journeys/book/booking-outcome.js";
import type { IntentStore } from "../../src/platform/intents/index.js";
import { createMemoryIntentStore } from "../../src/platform/intents/index.js";
import { CommandBench, PATIENT, patient, testCaller } from "./command-bench.js";
import { silence } from "./fake-practice.js";

const key = "the caller's own key";
const unknown = { kind: "outcome-unknown", handle: key };
const LATE_MS = 30_000;
const LEASE_MS = 37_000;

/** Lets everything go on that needs no time to pass. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
}

/** A promise that the test keeps. */
function promised(): { readonly promise: Promise<void>; readonly keep: () => void } {
  let keep = () => {};
  const promise = new Promise<void>((resolve) => {
    keep = resolve;
  });
  return { promise, keep };
}

async function untilSent(bench: CommandBench): Promise<void> {
  while (bench.count("createAppointment") === 0) await new Promise(setImmediate);
}

describe("the request ends while the create is under way", () => {
  test.each(["the deadline", "the caller going away"])(
    "by %s: the caller is told at once that it is not known, the create and its settling go on",
    async () => {
      const bench = new CommandBench();
      const request = new AbortController();
      const practice = promised();
      bench.practice.next("createAppointment", { after: practice.promise });

      const asked = bench.book({ idempotencyKey: key }, { signal: request.signal });
      await untilSent(bench);
      request.abort();
      expect(await asked).toEqual(unknown);

      practice.keep();
      await bench.desk.background.idle();
      expect(bench.practice.standing()).toHaveLength(1);
      expect(await bench.book({ idempotencyKey: key })).toMatchObject({ kind: "booked", recovered: false });
      expect(bench.count("createAppointment")).toBe(1);
    },
  );

  test("an unclear end is still read back", async () => {
    const bench = new CommandBench();
    const request = new AbortController();
    const answer = promised();
    bench.practice.next("createAppointment", "lost-after");
    bench.practice.next("fetchAppointments", { after: answer.promise });

    const asked = bench.book({ idempotencyKey: key }, { signal: request.signal });
    while (bench.count("fetchAppointments") === 0) await new Promise(setImmediate);
    request.abort();
    expect(await asked).toEqual(unknown);
    answer.keep();
    await bench.desk.background.idle();

    expect(await bench.store.open()).toEqual([]);
    expect(await bench.book({ idempotencyKey: key })).toMatchObject({ kind: "booked", recovered: true });
  });

  test("nobody being there any more, it is not sent a second time", async () => {
    const bench = new CommandBench();
    const request = new AbortController();
    const answer = promised();
    bench.practice.next("createAppointment", "lost-before");
    bench.practice.next("fetchAppointments", { after: answer.promise });

    const asked = bench.book({ idempotencyKey: key }, { signal: request.signal });
    while (bench.count("fetchAppointments") === 0) await new Promise(setImmediate);
    request.abort();
    expect(await asked).toEqual(unknown);
    answer.keep();
    await bench.desk.background.idle();

    expect(bench.count("createAppointment")).toBe(1);
  });

  test("a request that has ended already sends nothing and binds nothing", async () => {
    const bench = new CommandBench();

    const asked = bench.book({ idempotencyKey: key }, { signal: AbortSignal.abort() });

    await expect(asked).rejects.toMatchObject({ code: "UPSTREAM_TIMEOUT", retryable: true });
    expect(bench.practice.writes).toEqual([]);
    expect(await bench.store.open()).toEqual([]);
  });

  test("an ask that joins the work has its own deadline", async () => {
    const bench = new CommandBench();
    const practice = promised();
    const second = new AbortController();
    bench.practice.next("createAppointment", { after: practice.promise });

    const first = bench.book({ idempotencyKey: key });
    await untilSent(bench);
    const joined = bench.book({ idempotencyKey: key }, { signal: second.signal });
    await settle();
    second.abort();
    expect(await joined).toEqual(unknown);

    practice.keep();
    expect(await first).toMatchObject({ kind: "booked" });
  });
});

describe("the sweeper", () => {
  const lose = async (bench: CommandBench, what: "lost-after" | "lost-before" | "late") => {
    bench.practice.next("createAppointment", what);
    bench.practice.next("fetchAppointments", silence());
    expect(await bench.book({ idempotencyKey: key })).toEqual(unknown);
    bench.calls.length = 0;
    bench.events.length = 0;
  };

  test("finds out that it stands, in the name of who booked, with a fresh trace and look-up", async () => {
    const bench = new CommandBench();
    await lose(bench, "lost-after");

    await bench.sweeper.step();

    expect(bench.calls).toEqual(["PDS", "SDS", "findPatient", "fetchAppointments"]);
    expect(bench.events.filter(({ operation }) => operation === "settlement")).toEqual([
      {
        operation: "settlement",
        outcome: "SUCCEEDED",
        reason: "BOOKED",
        nhsNumber: PATIENT,
        odsCode: "T81001",
      },
    ]);
    expect(await bench.book({ idempotencyKey: key })).toMatchObject({ kind: "booked", recovered: true });
    expect(bench.practice.standing()).toHaveLength(1);
  });

  test("acts for the person who booked, within the same journey", async () => {
    const bench = new CommandBench();
    const colleague = { ...testCaller, person: { ...testCaller.person, localId: "user-8" } };
    bench.practice.next("createAppointment", "lost-after");
    bench.practice.next("fetchAppointments", silence());
    await bench.book({ idempotencyKey: key }, { caller: colleague, correlationId: "journey-8" });
    const contexts: unknown[] = [];
    const { context } = bench;
    bench.context = (call) => {
      contexts.push(call);
      return context.call(bench, call);
    };

    await bench.sweeper.step();

    expect(contexts).toEqual([{ caller: colleague, correlationId: "journey-8" }]);
  });

  test("never creates: absent stays absent, certain only after the bound on late commits", async () => {
    const bench = new CommandBench();
    await lose(bench, "lost-before");

    await bench.sweeper.step();
    expect(bench.settlements()).toEqual(["PENDING"]);
    bench.advance(LATE_MS + 1);
    await bench.sweeper.step();
    expect(bench.settlements()).toEqual(["PENDING", "ABSENT"]);

    expect(bench.count("createAppointment")).toBe(0);
    expect(await bench.store.open()).toEqual([]);
    // Whoever asks now may have it after all.
    expect(await bench.book({ idempotencyKey: key })).toMatchObject({ kind: "booked" });
  });

  test("finds what came late, up to the bound", async () => {
    const bench = new CommandBench();
    await lose(bench, "late");
    await bench.sweeper.step();

    bench.advance(LATE_MS - 1);
    bench.practice.catchUp();
    await bench.sweeper.step();

    expect(bench.settlements()).toEqual(["PENDING", "BOOKED"]);
  });

  test("goes on until the practice is back, and settles within a minute of that", async () => {
    const bench = new CommandBench();
    await lose(bench, "lost-after");
    for (let minute = 0; minute < 10; minute += 1) {
      bench.practice.next("findPatient", ...Array.from({ length: 12 }, () => silence()));
      for (let step = 0; step < 12; step += 1) {
        bench.advance(5_000);
        await bench.sweeper.step();
      }
    }
    expect(new Set(bench.settlements())).toEqual(new Set(["PENDING"]));

    const looks = bench.settlements().length;
    let seconds = 0;
    bench.practice.forgive();
    while (!bench.settlements().slice(looks).includes("BOOKED")) {
      seconds += 5;
      bench.advance(5_000);
      await bench.sweeper.step();
      expect(seconds).toBeLessThanOrEqual(60);
    }
  });

  test("calls no practice for a patient whose gates have closed since", async () => {
    const bench = new CommandBench({
      pds: (nhsNumber, clock) => {
        const since = clock.now() > Date.parse("2026-11-23T09:00:00Z") ? { confidentiality: "R" } : {};
        return { kind: "found", record: patient(nhsNumber, clock, since) };
      },
    });
    await lose(bench, "lost-after");
    bench.advance(1);

    await bench.sweeper.step();

    expect(bench.calls).toEqual(["PDS"]);
    expect(bench.settlements()).toEqual(["PENDING"]);
    expect(await bench.book({ idempotencyKey: key })).toEqual(unknown);
  });

  test("gives up when the day is over, which no practice shows", async () => {
    const bench = new CommandBench();
    await lose(bench, "lost-after");
    bench.advance(48 * 3_600_000);

    await bench.sweeper.step();

    expect(bench.calls).toEqual([]);
    expect(bench.settlements()).toEqual(["LOST"]);
    expect(await bench.store.open()).toEqual([]);
    expect(await bench.book({ idempotencyKey: key })).toEqual(unknown);
  });

  test("leaves alone what somebody is at work on", async () => {
    const bench = new CommandBench();
    const practice = promised();
    bench.practice.next("createAppointment", { after: practice.promise });
    const asked = bench.book({ idempotencyKey: key });
    await untilSent(bench);
    bench.advance(10 * LEASE_MS);

    await bench.sweeper.step();

    expect(bench.settlements()).toEqual([]);
    practice.keep();
    expect(await asked).toMatchObject({ kind: "booked" });
  });

  test("one that cannot be settled does not keep the others", async () => {
    const bench = new CommandBench();
    await lose(bench, "lost-after");
    bench.practice.next("createAppointment", "lost-after");
    bench.practice.next("fetchAppointments", silence());
    await bench.book({ slotIds: [bench.slot(30)], idempotencyKey: "another" });
    bench.practice.next("fetchAppointments", silence());

    await bench.sweeper.step();

    expect(bench.settlements().sort()).toEqual(["BOOKED", "PENDING"]);
  });

  test("runs by its own timer until it is stopped", async () => {
    jest.useFakeTimers({ doNotFake: ["setImmediate", "performance", "nextTick", "queueMicrotask", "Date"] });
    try {
      const bench = new CommandBench();
      await lose(bench, "lost-after");
      bench.sweeper.start();
      bench.sweeper.start();
      jest.advanceTimersByTime(5_000);
      await settle();
      expect(bench.settlements()).toEqual(["BOOKED"]);

      await bench.sweeper.stop();
      expect(jest.getTimerCount()).toBe(0);
    } finally {
      jest.useRealTimers();
    }
  });
});

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

describe("the store of intents fails", () => {
  /** A store of which single methods can be made to fail. */
  class FailingStore {
    readonly failing = new Set<keyof IntentStore>();
    store: IntentStore | undefined;

    readonly make = (clock: { now(): number }): IntentStore => {
      const inner = createMemoryIntentStore(clock);
      this.store = new Proxy(inner, {
        get: (target, method: keyof IntentStore) =>
          this.failing.has(method)
            ? async () => {
                throw new Error("the store is gone");
              }
            : target[method],
      });
      return this.store;
    };
  }

  const refused = {
    code: "UPSTREAM_UNAVAILABLE",
    reason: "INTENT_STORE_UNAVAILABLE",
    retryable: true,
  };
  let failing: FailingStore;
  let bench: CommandBench;
  beforeEach(() => {
    failing = new FailingStore();
    bench = new CommandBench({ store: failing.make });
  });
  const book = (): Promise<BookingOutcome> => bench.book({ idempotencyKey: key });

  test.each(["get", "claim"] as const)("on %s: refused, and nothing was sent", async (method) => {
    failing.failing.add(method);

    await expect(book()).rejects.toMatchObject(refused);
    expect(bench.practice.writes).toEqual([]);
  });

  test("after the create has left: the truth is told, and found again later", async () => {
    failing.failing.add("replace");
    const first = await book();
    expect(first).toMatchObject({ kind: "booked", recovered: false });

    failing.failing.clear();
    bench.restart();
    bench.advance(LEASE_MS);
    await bench.sweeper.step();
    expect(bench.settlements()).toEqual(["BOOKED"]);
    expect(await book()).toMatchObject({ kind: "booked" });
    expect(bench.practice.standing()).toHaveLength(1);
  });

  test("before the second send: it is not sent", async () => {
    bench.practice.next("createAppointment", "lost-before");
    failing.failing.add("replace");

    expect(await book()).toEqual(unknown);
    expect(bench.count("createAppointment")).toBe(1);
  });

  test("with everything in it lost while the create was under way: the key is bound anew", async () => {
    bench.practice.next("createAppointment", {
      before: async () => {
        const lost = await bench.store.get(bench.desk.intents.keyFor("book", "T82000", key));
        await bench.store.remove(lost?.key ?? "", lost?.revision ?? 0);
      },
    });

    expect(await book()).toMatchObject({ kind: "booked" });
    expect(await book()).toMatchObject({ kind: "booked", recovered: false });
    expect(bench.count("createAppointment")).toBe(1);
  });

  test("the sweeper waits for it to come back", async () => {
    bench.practice.next("createAppointment", "lost-after");
    bench.practice.next("fetchAppointments", silence());
    expect(await book()).toEqual(unknown);
    failing.failing.add("open");
    await bench.sweeper.step();
    expect(bench.settlements()).toEqual([]);

    failing.failing.clear();
    await bench.sweeper.step();
    expect(bench.settlements()).toEqual(["BOOKED"]);
  });
});

describe("a refusal while an earlier send is still out", () => {
  test("409 for somebody else's booking: the slot is unavailable, and the key is watched until the bound", async () => {
    const bench = new CommandBench();
    bench.practice.next("createAppointment", "late", {
      before: () => void bench.practice.bookElsewhere(["slot-24"]),
    });
    const refused = await bench.book({ idempotencyKey: key });
    expect(refused).toMatchObject({ kind: "slot-unavailable" });
    expect(await bench.store.open()).toHaveLength(1);

    bench.advance(LATE_MS + 1);
    await bench.sweeper.step();
    expect(bench.settlements()).toEqual(["ABSENT"]);
    expect(await bench.store.open()).toEqual([]);
    expect(await bench.book({ idempotencyKey: key })).toEqual(refused);
  });

  test("should the other give the slot up and the late one come in, the key answers with it", async () => {
    const bench = new CommandBench();
    let theirs = "";
    bench.practice.next("createAppointment", "late", {
      before: () => {
        theirs = bench.practice.bookElsewhere(["slot-24"]).id;
      },
    });
    await bench.book({ idempotencyKey: key });
    bench.practice.change(theirs, { status: "cancelled" });
    bench.practice.catchUp();

    expect(await bench.book({ idempotencyKey: key })).toMatchObject({ kind: "booked", recovered: true });
  });

  test("any other refusal says nothing of the first send: unknown", async () => {
    const bench = new CommandBench();
    bench.practice.next("createAppointment", "late", silence({ outcomeUnknown: false, httpStatus: 422 }));

    expect(await bench.book({ idempotencyKey: key })).toEqual(unknown);
    bench.practice.catchUp();
    await bench.sweeper.step();
    expect(bench.settlements()).toEqual(["BOOKED"]);
  });
});
