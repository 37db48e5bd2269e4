import { idOf } from "./booked-id.js";
import { CommandHarness, OTHER_PATIENT, PATIENT } from "./command-harness.js";
import { neverLeft, refusal, silence } from "./fake-practice.js";

let harness: CommandHarness;
beforeEach(() => {
  harness = new CommandHarness();
});

const key = "the caller's own key";
const booked = (recovered: boolean) => expect.objectContaining({ kind: "booked", recovered });
const unknown = { kind: "outcome-unknown", handle: key, settlesAt: expect.any(Number) };
const LATE_MS = 30_000;

describe("asked again while the outcome is unknown", () => {
  const loseIt = async (what: "lost-after" | "lost-before" | "late") => {
    harness.practice.next("createAppointment", what);
    harness.practice.next("fetchAppointments", silence());
    expect(await harness.book({ idempotencyKey: key })).toEqual(unknown);
  };

  test("a lost response is read back first, and the booking is found", async () => {
    await loseIt("lost-after");
    harness.calls.length = 0;

    expect(await harness.book({ idempotencyKey: key })).toEqual(booked(true));
    expect(harness.calls).toEqual(["PDS", "SDS", "findPatient", "fetchAppointments"]);
    expect(await harness.store.open()).toEqual([]);
  });

  test("it is not sent again before the bound, although reading back shows it absent", async () => {
    await loseIt("lost-before");
    harness.advance(LATE_MS - 1);
    harness.calls.length = 0;
    harness.deadlineMs = 1;

    expect(await harness.book({ idempotencyKey: key })).toEqual(unknown);
    expect(harness.calls).toEqual(["PDS", "SDS", "findPatient", "fetchAppointments"]);
  });

  test("it is sent again after the bound when reading back shows it absent", async () => {
    await loseIt("lost-before");
    harness.advance(LATE_MS + 1);
    harness.calls.length = 0;

    expect(await harness.book({ idempotencyKey: key })).toEqual(booked(false));
    expect(harness.calls).toEqual(["PDS", "SDS", "findPatient", "fetchAppointments", "createAppointment"]);
  });

  test("the handle of a booking that came without a key serves as its key", async () => {
    harness.practice.next("createAppointment", "lost-after");
    harness.practice.next("fetchAppointments", silence());
    const first = await harness.book();
    if (first.kind !== "outcome-unknown") throw new Error("it was to be unknown");

    expect(await harness.book({ idempotencyKey: first.handle })).toEqual(booked(true));
    expect(harness.practice.standing()).toHaveLength(1);
  });

  test("'not booked' is not said before the bound on late commits has passed", async () => {
    await loseIt("late");
    harness.practice.patients.clear();
    // Reading back needs the patient; a fresh find does not find them: nothing is certain.
    expect(await harness.book({ idempotencyKey: key })).toEqual(unknown);

    harness.practice.addPatient(PATIENT);
    harness.deadlineMs = 1;
    expect(await harness.book({ idempotencyKey: key })).toEqual(unknown);

    harness.advance(LATE_MS + 1);
    harness.deadlineMs = 20_000;
    harness.practice.next("createAppointment", neverLeft(), neverLeft());
    await expect(harness.book({ idempotencyKey: key })).rejects.toMatchObject({
      code: "UPSTREAM_UNAVAILABLE",
      retryable: true,
    });
    expect(harness.practice.standing()).toEqual([]);
  });

  test("a booking that cannot be read back stays unknown: gates, faults, a slot that has begun", async () => {
    await loseIt("lost-after");
    harness.practice.next("findPatient", silence());
    expect(await harness.book({ idempotencyKey: key })).toEqual(unknown);

    expect(await harness.book({ idempotencyKey: key, verify: { birthDate: "2001-01-01" } })).toEqual(
      booked(true),
    );
  });

  test("found although the slot has begun in the meantime", async () => {
    harness.practice.next("createAppointment", "lost-after");
    harness.practice.next("fetchAppointments", silence());
    const ask = () => harness.book({ idempotencyKey: key, slotIds: [harness.slot(2)] });
    expect(await ask()).toEqual(unknown);

    harness.advance(3 * 3_600_000);
    expect(await ask()).toEqual(booked(true));
  });

  test("absent for certain and begun in the meantime, the slot is unavailable", async () => {
    harness.practice.next("createAppointment", "lost-before");
    harness.practice.next("fetchAppointments", silence());
    const ask = () => harness.book({ idempotencyKey: key, slotIds: [harness.slot(2)] });
    expect(await ask()).toEqual(unknown);

    harness.advance(3 * 3_600_000);
    expect(await ask()).toMatchObject({ kind: "slot-unavailable", code: "SLOT_IN_PAST" });
  });

  test("the state of an appointment that has begun by the practice's clock is returned", async () => {
    const ask = () => harness.book({ idempotencyKey: key, slotIds: [harness.slot(2)] });
    expect(await ask()).toEqual(booked(false));
    harness.practice.next("readAppointment", refusal(422, "INVALID_RESOURCE"));

    expect(await ask()).toEqual(booked(false));
    expect(harness.count("createAppointment")).toBe(1);
  });

  test("cancelled by somebody before it was known to stand, it is that appointment, and not made anew", async () => {
    await loseIt("lost-after");
    harness.practice.change(harness.practice.standing()[0]?.id ?? "", { status: "cancelled" });

    expect(await harness.book({ idempotencyKey: key })).toMatchObject({
      kind: "booked",
      appointment: { record: { status: "cancelled" } },
    });
    expect(harness.count("createAppointment")).toBe(1);
  });
});

describe("asks at the same time", () => {
  test("concurrent requests under one key: one create, the same result for all", async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, () => harness.book({ idempotencyKey: key })),
    );

    expect(new Set(outcomes.map(idOf)).size).toBe(1);
    expect(harness.count("createAppointment")).toBe(1);
  });

  test("one key in several processes: one create, and no request reports a failure", async () => {
    const elsewhere = new CommandHarness({ store: () => harness.store });
    let answer = () => {};
    harness.practice.next("createAppointment", {
      after: new Promise<void>((resolve) => {
        answer = resolve;
      }),
    });
    const first = harness.book({ idempotencyKey: key });
    while (harness.count("createAppointment") === 0) await new Promise(setImmediate);

    expect(await elsewhere.book({ idempotencyKey: key })).toEqual(unknown);
    expect(elsewhere.calls).toEqual([]);
    answer();
    expect(await first).toEqual(booked(false));
  });

  test("one key with other content: the second request is refused", async () => {
    const outcomes = await Promise.allSettled([
      harness.book({ idempotencyKey: key, description: "One" }),
      harness.book({ idempotencyKey: key, description: "Two" }),
    ]);

    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(harness.count("createAppointment")).toBe(1);
  });

  // Proves HAZ-53.
  test("two patients for one slot: one is booked, the other gets an outcome, one appointment stands", async () => {
    const outcomes = await Promise.all([harness.book(), harness.book({ nhsNumber: OTHER_PATIENT })]);

    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(["booked", "slot-unavailable"]);
    expect(harness.practice.standing()).toHaveLength(1);
  });
});
