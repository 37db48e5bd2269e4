import { CommandBench, PATIENT, patient, testCaller } from "./command-bench.js";
import { silence } from "./fake-practice.js";
import { promised, settle, untilSent } from "./waiting.js";

const key = "the caller's own key";
const unknown = { kind: "outcome-unknown", handle: key };
const LATE_MS = 30_000;
const LEASE_MS = 37_000;

describe("the sweeper", () => {
  const lose = async (bench: CommandBench, what: "lost-after" | "lost-before" | "late") => {
    bench.practice.next("createAppointment", what);
    bench.practice.next("fetchAppointments", silence());
    expect(await bench.book({ idempotencyKey: key })).toEqual(unknown);
    bench.calls.length = 0;
    bench.events.length = 0;
  };

  // Proves HAZ-FALSE-FAILURE.
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

  // Proves HAZ-REVEALED.
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

  test("notices a booking that stands twice, since the practice itself gave up the first in time for a late one", async () => {
    const bench = new CommandBench();
    bench.practice.next("createAppointment", "late");
    const booked = await bench.book({ idempotencyKey: key });
    if (booked.kind !== "booked") throw new Error("the second create was to succeed");
    bench.practice.change(booked.appointment.record.id, { status: "cancelled" });
    bench.practice.catchUp();
    await bench.sweeper.step();
    expect(bench.settlements()).toEqual([]);

    bench.advance(LATE_MS + 1);
    await bench.sweeper.step();

    expect(bench.settlements()).toEqual(["DOUBLED"]);
    expect(bench.events.at(-1)).toMatchObject({ outcome: "FAILED", nhsNumber: PATIENT });
    expect(await bench.store.open()).toEqual([]);
  });

  test("finds nothing wrong with one that was sent twice and stands once", async () => {
    const bench = new CommandBench();
    bench.practice.next("createAppointment", "late");
    await bench.book({ idempotencyKey: key });
    bench.practice.catchUp();
    bench.advance(LATE_MS + 1);

    await bench.sweeper.step();

    expect(bench.settlements()).toEqual(["BOOKED"]);
    expect(await bench.store.open()).toEqual([]);
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
