import { CommandHarness, PATIENT, patient, testCaller } from "./command-harness.js";
import { silence } from "./fake-practice.js";
import { promised, settle, untilSent } from "./waiting.js";

const key = "the caller's own key";
const unknown = { kind: "outcome-unknown", handle: key, settlesAt: expect.any(Number) };
const LATE_MS = 30_000;
const LEASE_MS = 37_000;

describe("the sweeper", () => {
  const lose = async (harness: CommandHarness, what: "lost-after" | "lost-before" | "late") => {
    harness.practice.next("createAppointment", what);
    harness.practice.next("fetchAppointments", silence());
    expect(await harness.book({ idempotencyKey: key })).toEqual(unknown);
    harness.calls.length = 0;
    harness.events.length = 0;
  };

  // Proves HAZ-FALSE-FAILURE.
  test("finds out that it stands, in the name of who booked, with a fresh trace and look-up", async () => {
    const harness = new CommandHarness();
    await lose(harness, "lost-after");

    await harness.sweeper.step();

    expect(harness.calls).toEqual(["PDS", "SDS", "findPatient", "fetchAppointments"]);
    expect(harness.events.filter(({ operation }) => operation === "settlement")).toEqual([
      {
        operation: "settlement",
        outcome: "SUCCEEDED",
        reason: "BOOKED",
        nhsNumber: PATIENT,
        odsCode: "T81001",
      },
    ]);
    expect(await harness.book({ idempotencyKey: key })).toMatchObject({ kind: "booked", recovered: true });
    expect(harness.practice.standing()).toHaveLength(1);
  });

  test("acts for the person who booked, within the same journey", async () => {
    const harness = new CommandHarness();
    const colleague = { ...testCaller, person: { ...testCaller.person, localId: "user-8" } };
    harness.practice.next("createAppointment", "lost-after");
    harness.practice.next("fetchAppointments", silence());
    await harness.book({ idempotencyKey: key }, { caller: colleague, correlationId: "journey-8" });
    const contexts: unknown[] = [];
    const { context } = harness;
    harness.context = (call) => {
      contexts.push(call);
      return context.call(harness, call);
    };

    await harness.sweeper.step();

    expect(contexts).toEqual([{ caller: colleague, correlationId: "journey-8" }]);
  });

  test("never creates: absent stays absent, certain only after the bound on late commits", async () => {
    const harness = new CommandHarness();
    await lose(harness, "lost-before");

    await harness.sweeper.step();
    expect(harness.settlements()).toEqual(["PENDING"]);
    harness.advance(LATE_MS + 1);
    await harness.sweeper.step();
    expect(harness.settlements()).toEqual(["PENDING", "ABSENT"]);

    expect(harness.count("createAppointment")).toBe(0);
    expect(await harness.store.open()).toEqual([]);
    // Whoever asks now may have it after all.
    expect(await harness.book({ idempotencyKey: key })).toMatchObject({ kind: "booked" });
  });

  test("reads again as soon as the bound is over, whatever pause its earlier reads have led to", async () => {
    const harness = new CommandHarness();
    await lose(harness, "lost-before");
    for (const pauseMs of [0, 5_000, 10_000]) {
      harness.advance(pauseMs);
      await harness.sweeper.step();
    }
    harness.advance(LATE_MS - 15_000 - 1);
    await harness.sweeper.step();
    expect(harness.settlements()).toEqual(["PENDING", "PENDING", "PENDING"]);

    harness.advance(2);
    await harness.sweeper.step();

    expect(harness.settlements().at(-1)).toBe("ABSENT");
  });

  test("finds what came late, up to the bound", async () => {
    const harness = new CommandHarness();
    await lose(harness, "late");
    await harness.sweeper.step();

    harness.advance(LATE_MS - 1);
    harness.practice.catchUp();
    await harness.sweeper.step();

    expect(harness.settlements()).toEqual(["PENDING", "BOOKED"]);
  });

  test("the sweeper goes on until the practice is back, and reconciles within a minute", async () => {
    const harness = new CommandHarness();
    await lose(harness, "lost-after");
    for (let minute = 0; minute < 10; minute += 1) {
      harness.practice.next("findPatient", ...Array.from({ length: 12 }, () => silence()));
      for (let step = 0; step < 12; step += 1) {
        harness.advance(5_000);
        await harness.sweeper.step();
      }
    }
    expect(new Set(harness.settlements())).toEqual(new Set(["PENDING"]));

    const looks = harness.settlements().length;
    let seconds = 0;
    harness.practice.forgive();
    while (!harness.settlements().slice(looks).includes("BOOKED")) {
      seconds += 5;
      harness.advance(5_000);
      await harness.sweeper.step();
      expect(seconds).toBeLessThanOrEqual(60);
    }
  });

  // Proves HAZ-REVEALED.
  test("calls no practice for a patient whose gates have closed since", async () => {
    const harness = new CommandHarness({
      pds: (nhsNumber, clock) => {
        const since = clock.now() > Date.parse("2026-11-23T09:00:00Z") ? { confidentiality: "R" } : {};
        return { kind: "found", record: patient(nhsNumber, clock, since) };
      },
    });
    await lose(harness, "lost-after");
    harness.advance(1);

    await harness.sweeper.step();

    expect(harness.calls).toEqual(["PDS"]);
    expect(harness.settlements()).toEqual(["PENDING"]);
    expect(await harness.book({ idempotencyKey: key })).toEqual(unknown);
  });

  test("gives up when the day is over, which no practice shows", async () => {
    const harness = new CommandHarness();
    await lose(harness, "lost-after");
    harness.advance(48 * 3_600_000);

    await harness.sweeper.step();

    expect(harness.calls).toEqual([]);
    expect(harness.settlements()).toEqual(["LOST"]);
    expect(await harness.store.open()).toEqual([]);
    expect(await harness.book({ idempotencyKey: key })).toEqual(unknown);
  });

  test("notices a booking that stands twice, since the practice itself gave up the first in time for a late one", async () => {
    const harness = new CommandHarness();
    await harness.book();
    harness.practice.next("createAppointment", "late");
    const booked = await harness.book({ idempotencyKey: key });
    if (booked.kind !== "booked") throw new Error("the second was to find the first");
    harness.practice.change(booked.appointment.record.id, { status: "cancelled" });
    harness.practice.catchUp();
    await harness.sweeper.step();
    expect(harness.settlements()).toEqual([]);

    harness.advance(LATE_MS + 1);
    await harness.sweeper.step();

    expect(harness.settlements()).toEqual(["DOUBLED"]);
    expect(harness.alerts).toEqual(["CARRIED_OUT_TWICE book"]);
    expect(harness.events.at(-1)).toMatchObject({ outcome: "FAILED", nhsNumber: PATIENT });
    expect(await harness.store.open()).toEqual([]);
  });

  test("finds nothing wrong with one that was sent twice and stands once", async () => {
    const harness = new CommandHarness();
    await harness.book();
    harness.practice.next("createAppointment", "late");
    await harness.book({ idempotencyKey: key });
    harness.practice.catchUp();
    harness.advance(LATE_MS + 1);

    await harness.sweeper.step();

    expect(harness.settlements()).toEqual(["BOOKED"]);
    expect(await harness.store.open()).toEqual([]);
  });

  test("leaves alone what somebody is at work on", async () => {
    const harness = new CommandHarness();
    const practice = promised();
    harness.practice.next("createAppointment", { after: practice.promise });
    const asked = harness.book({ idempotencyKey: key });
    await untilSent(harness);
    harness.advance(10 * LEASE_MS);

    await harness.sweeper.step();

    expect(harness.settlements()).toEqual([]);
    practice.keep();
    expect(await asked).toMatchObject({ kind: "booked" });
  });

  test("a command that cannot be reconciled does not hold up the others", async () => {
    const harness = new CommandHarness();
    await lose(harness, "lost-after");
    harness.practice.next("createAppointment", "lost-after");
    harness.practice.next("fetchAppointments", silence());
    await harness.book({ slotIds: [harness.slot(30)], idempotencyKey: "another" });
    harness.practice.next("fetchAppointments", silence());

    await harness.sweeper.step();

    expect(harness.settlements().sort()).toEqual(["BOOKED", "PENDING"]);
  });

  test("runs by its own timer until it is stopped", async () => {
    // Deadlines of requests are timeouts; the sweeper has an interval.
    const real = ["setImmediate", "performance", "nextTick", "queueMicrotask", "Date"] as const;
    jest.useFakeTimers({ doNotFake: [...real, "setTimeout", "clearTimeout"] });
    try {
      const harness = new CommandHarness();
      await lose(harness, "lost-after");
      harness.sweeper.start();
      harness.sweeper.start();
      expect(jest.getTimerCount()).toBe(1);
      jest.advanceTimersByTime(5_000);
      await settle();
      expect(harness.settlements()).toEqual(["BOOKED"]);

      await harness.sweeper.stop();
      expect(jest.getTimerCount()).toBe(0);
    } finally {
      jest.useRealTimers();
    }
  });
});
