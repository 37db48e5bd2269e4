import { idOf } from "./booked-id.js";
import { CommandBench, OTHER_PATIENT, PATIENT } from "./command-bench.js";
import { neverLeft, refusal, silence } from "./fake-practice.js";

let bench: CommandBench;
beforeEach(() => {
  bench = new CommandBench();
});

const key = "the caller's own key";
const booked = (recovered: boolean) => expect.objectContaining({ kind: "booked", recovered });
const unknown = { kind: "outcome-unknown", handle: key };
const LATE_MS = 30_000;

describe("asked again while the outcome is unknown", () => {
  const loseIt = async (what: "lost-after" | "lost-before" | "late") => {
    bench.practice.next("createAppointment", what);
    bench.practice.next("fetchAppointments", silence());
    expect(await bench.book({ idempotencyKey: key })).toEqual(unknown);
  };

  test("it is read back first, and found", async () => {
    await loseIt("lost-after");
    bench.calls.length = 0;

    expect(await bench.book({ idempotencyKey: key })).toEqual(booked(true));
    expect(bench.calls).toEqual(["PDS", "SDS", "findPatient", "fetchAppointments"]);
    expect(await bench.store.open()).toEqual([]);
  });

  test("it may be sent again when reading back shows it absent", async () => {
    await loseIt("lost-before");
    bench.calls.length = 0;

    expect(await bench.book({ idempotencyKey: key })).toEqual(booked(false));
    expect(bench.calls).toEqual(["PDS", "SDS", "findPatient", "fetchAppointments", "createAppointment"]);
  });

  test("the handle of a booking that came without a key serves as its key", async () => {
    bench.practice.next("createAppointment", "lost-after");
    bench.practice.next("fetchAppointments", silence());
    const first = await bench.book();
    if (first.kind !== "outcome-unknown") throw new Error("it was to be unknown");

    expect(await bench.book({ idempotencyKey: first.handle })).toEqual(booked(true));
    expect(bench.practice.standing()).toHaveLength(1);
  });

  test("'not booked' is not said before the bound on late commits has passed", async () => {
    await loseIt("late");
    bench.practice.patients.clear();
    // Reading back needs the patient; a fresh find does not find them: nothing is certain.
    expect(await bench.book({ idempotencyKey: key })).toEqual(unknown);

    bench.practice.addPatient(PATIENT);
    bench.practice.next("createAppointment", neverLeft());
    expect(await bench.book({ idempotencyKey: key })).toEqual(unknown);

    bench.advance(LATE_MS + 1);
    bench.practice.next("createAppointment", neverLeft());
    await expect(bench.book({ idempotencyKey: key })).rejects.toMatchObject({
      code: "UPSTREAM_UNAVAILABLE",
      retryable: true,
    });
    expect(bench.practice.standing()).toEqual([]);
  });

  test("what is in the way of reading back is no answer: gates, faults, a slot that has begun", async () => {
    await loseIt("lost-after");
    bench.practice.next("findPatient", silence());
    expect(await bench.book({ idempotencyKey: key })).toEqual(unknown);

    expect(await bench.book({ idempotencyKey: key, verify: { birthDate: "2001-01-01" } })).toEqual(
      booked(true),
    );
  });

  test("found although the slot has begun in the meantime", async () => {
    bench.practice.next("createAppointment", "lost-after");
    bench.practice.next("fetchAppointments", silence());
    const ask = () => bench.book({ idempotencyKey: key, slotIds: [bench.slot(2)] });
    expect(await ask()).toEqual(unknown);

    bench.advance(3 * 3_600_000);
    expect(await ask()).toEqual(booked(true));
  });

  test("absent for certain and begun in the meantime, the slot is unavailable", async () => {
    bench.practice.next("createAppointment", "lost-before");
    bench.practice.next("fetchAppointments", silence());
    const ask = () => bench.book({ idempotencyKey: key, slotIds: [bench.slot(2)] });
    expect(await ask()).toEqual(unknown);

    bench.advance(3 * 3_600_000);
    expect(await ask()).toMatchObject({ kind: "slot-unavailable", code: "SLOT_IN_PAST" });
  });

  test("its state is told although the practice's clock is ahead of ours and it has begun there", async () => {
    const ask = () => bench.book({ idempotencyKey: key, slotIds: [bench.slot(2)] });
    expect(await ask()).toEqual(booked(false));
    bench.practice.next("readAppointment", refusal(422, "INVALID_RESOURCE"));

    expect(await ask()).toEqual(booked(false));
    expect(bench.count("createAppointment")).toBe(1);
  });

  test("cancelled by somebody before it was known to stand, it is that appointment, and not made anew", async () => {
    await loseIt("lost-after");
    bench.practice.change(bench.practice.standing()[0]?.id ?? "", { status: "cancelled" });

    expect(await bench.book({ idempotencyKey: key })).toMatchObject({
      kind: "booked",
      appointment: { record: { status: "cancelled" } },
    });
    expect(bench.count("createAppointment")).toBe(1);
  });
});

describe("asks at the same time", () => {
  test("under one key: one create, the same answer for all", async () => {
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => bench.book({ idempotencyKey: key })));

    expect(new Set(outcomes.map(idOf)).size).toBe(1);
    expect(bench.count("createAppointment")).toBe(1);
  });

  test("under one key, in several processes: one create, and nobody is told that it failed", async () => {
    const elsewhere = new CommandBench({ store: () => bench.store });
    let answer = () => {};
    bench.practice.next("createAppointment", {
      after: new Promise<void>((resolve) => {
        answer = resolve;
      }),
    });
    const first = bench.book({ idempotencyKey: key });
    while (bench.count("createAppointment") === 0) await new Promise(setImmediate);

    expect(await elsewhere.book({ idempotencyKey: key })).toEqual(unknown);
    expect(elsewhere.calls).toEqual([]);
    answer();
    expect(await first).toEqual(booked(false));
  });

  test("under one key with other content, whoever comes second is refused", async () => {
    const outcomes = await Promise.allSettled([
      bench.book({ idempotencyKey: key, description: "One" }),
      bench.book({ idempotencyKey: key, description: "Two" }),
    ]);

    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(bench.count("createAppointment")).toBe(1);
  });

  // Proves HAZ-53.
  test("for one slot and two patients: one is booked, one is told, one appointment stands", async () => {
    const outcomes = await Promise.all([bench.book(), bench.book({ nhsNumber: OTHER_PATIENT })]);

    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(["booked", "slot-unavailable"]);
    expect(bench.practice.standing()).toHaveLength(1);
  });
});
