import { amendAppointment } from "../../src/journeys/amend/amend-appointment.js";
import type { BookingOutcome } from "../../src/journeys/book/booking-outcome.js";
import { cancelAppointment } from "../../src/journeys/cancel/cancel-appointment.js";
import type { ChangeOutcome } from "../../src/journeys/change/change-outcome.js";
import { idOf } from "./booked-id.js";
import { CommandBench, OTHER_PATIENT, PATIENT, PRACTICE } from "./command-bench.js";
import { silence } from "./fake-practice.js";

let bench: CommandBench;
beforeEach(() => {
  bench = new CommandBench();
});

const booked = (recovered: boolean) => expect.objectContaining({ kind: "booked", recovered });
const LATE_MS = 30_000;

describe("two keys for the same slots and patient", () => {
  test("with the same content are one booking, and the second says that it did not make it", async () => {
    const first = await bench.book({ idempotencyKey: "one" });
    const second = await bench.book({ idempotencyKey: "two" });

    expect(second).toEqual(booked(true));
    expect(idOf(second)).toBe(idOf(first));
    expect(bench.practice.standing()).toHaveLength(1);
    // From now on both keys have it.
    expect(idOf(await bench.book({ idempotencyKey: "two" }))).toBe(idOf(first));
  });

  test("without keys, as after a lost connection, likewise", async () => {
    const [first, second] = [await bench.book(), await bench.book()];

    expect(idOf(second)).toBe(idOf(first));
  });

  test("with other content, the first is not passed off as the second", async () => {
    await bench.book({ idempotencyKey: "one", description: "Review" });

    expect(await bench.book({ idempotencyKey: "two", description: "Smear test" })).toMatchObject({
      kind: "slot-unavailable",
      code: "ALREADY_BOOKED_FOR_PATIENT",
    });
  });

  // Proves HAZ-FALSE-FAILURE.
  test.each([
    ["the one that booked", ["one", "two"]],
    ["the one that did not", ["two", "one"]],
  ])(
    "with other content and both answers lost, whoever asks first, %s: each is told the truth",
    async (_case, order) => {
      const content: Record<string, string> = { one: "Review", two: "Smear test" };
      const ask = (name: string) => bench.book({ idempotencyKey: name, description: content[name] ?? "" });
      for (const [name, what] of [
        ["one", "lost-after"],
        ["two", "lost-before"],
      ] as const) {
        bench.practice.next("createAppointment", what);
        bench.practice.next("fetchAppointments", silence());
        expect(await ask(name)).toMatchObject({ kind: "outcome-unknown" });
      }

      const answers = new Map<string, unknown>();
      for (const name of order) answers.set(name, await ask(name));

      expect(answers.get("one")).toMatchObject({
        kind: "booked",
        recovered: true,
        appointment: { record: { description: "Review" } },
      });
      expect(answers.get("two")).toMatchObject({
        kind: "slot-unavailable",
        code: "ALREADY_BOOKED_FOR_PATIENT",
      });
      expect(bench.practice.standing()).toHaveLength(1);
    },
  );

  test("with the same slots the other way round in the same words are one booking", async () => {
    const slotIds = [bench.slot(24, { end: "2026-11-24T10:00:00+00:00" }), bench.slot(25)];
    const first = await bench.book({ idempotencyKey: "one", slotIds });
    const second = await bench.book({ idempotencyKey: "two", slotIds: [...slotIds].reverse() });

    expect(second).toEqual(booked(true));
    expect(idOf(second)).toBe(idOf(first));
  });

  test("with other content and the first done while the second looks, each is told the truth", async () => {
    let answer = () => {};
    bench.practice.next("createAppointment", "lost-after");
    bench.practice.next("fetchAppointments", {
      after: new Promise<void>((resolve) => {
        answer = resolve;
      }),
    });
    const first = bench.book({ idempotencyKey: "one", description: "Review" });
    while (bench.count("fetchAppointments") === 0) await new Promise(setImmediate);
    const { open, ownerOf } = bench.store;
    // In between the two questions of the second to the store, the first is written down as done.
    const firstEnds = async () => {
      bench.store.open = open;
      bench.store.ownerOf = ownerOf;
      answer();
      await first;
    };
    bench.store.open = async () => {
      const answered = await open();
      await firstEnds();
      return answered;
    };
    bench.store.ownerOf = async (result) => {
      const answered = await ownerOf(result);
      await firstEnds();
      return answered;
    };

    expect(await bench.book({ idempotencyKey: "two", description: "Smear test" })).toMatchObject({
      kind: "slot-unavailable",
      code: "ALREADY_BOOKED_FOR_PATIENT",
    });
    expect(await first).toEqual(booked(true));
  });

  test("with other content, and amended before anybody knew whose it is: the time of creation tells", async () => {
    bench.practice.next("createAppointment", "lost-after");
    bench.practice.next("fetchAppointments", silence());
    const one = { idempotencyKey: "one", description: "Review" };
    expect(await bench.book(one)).toMatchObject({ kind: "outcome-unknown" });
    bench.practice.change(bench.practice.standing()[0]?.id ?? "", { description: "By the practice" });
    bench.advance(5_000);

    expect(await bench.book({ idempotencyKey: "two", description: "Smear test" })).toMatchObject({
      kind: "slot-unavailable",
      code: "ALREADY_BOOKED_FOR_PATIENT",
    });
    expect(await bench.book(one)).toEqual(booked(true));
  });

  test("a practice that writes the texts otherwise is believed all the same, where no other key is in question", async () => {
    bench.practice.next("createAppointment", "lost-after");
    bench.practice.next("fetchAppointments", {
      before: () => {
        const [made] = bench.practice.standing();
        if (made) bench.practice.change(made.id, { description: "REVIEW (booked online)" });
      },
    });

    expect(await bench.book()).toEqual(booked(true));
  });

  test("with the same content, the one that was read back by the other and cancelled since is still the one's", async () => {
    bench.practice.next("createAppointment", "lost-after");
    bench.practice.next("fetchAppointments", silence());
    expect(await bench.book({ idempotencyKey: "one" })).toMatchObject({ kind: "outcome-unknown" });
    const second = await bench.book({ idempotencyKey: "two" });
    expect(second).toEqual(booked(true));
    bench.practice.change(idOf(second), { status: "cancelled" });

    expect(await bench.book({ idempotencyKey: "one" })).toMatchObject({
      kind: "booked",
      appointment: { record: { id: idOf(second), status: "cancelled" } },
    });
    expect(bench.count("createAppointment")).toBe(2);
  });

  test("a cancelled booking of one key is not taken for the lost one of another", async () => {
    const first = await bench.book({ idempotencyKey: "one" });
    bench.practice.change(idOf(first), { status: "cancelled" });
    bench.practice.next("createAppointment", "lost-before");

    const second = await bench.book({ idempotencyKey: "two" });

    expect(second).toEqual(booked(false));
    expect(idOf(second)).not.toBe(idOf(first));
  });

  test("with other content, sent in the same second and amended since: it cannot be told, and is not guessed", async () => {
    const [one, two] = ["one", "two"].map((idempotencyKey) => ({
      idempotencyKey,
      description: idempotencyKey,
    }));
    for (const [ask, what] of [
      [one, "lost-after"],
      [two, "lost-before"],
    ] as const) {
      bench.practice.next("createAppointment", what);
      bench.practice.next("fetchAppointments", silence());
      expect(await bench.book(ask)).toMatchObject({ kind: "outcome-unknown" });
    }
    bench.practice.change(bench.practice.standing()[0]?.id ?? "", { description: "By the practice" });

    for (const ask of [two, one]) expect(await bench.book(ask)).toMatchObject({ kind: "outcome-unknown" });
    expect(bench.practice.standing()).toHaveLength(1);
  });

  test("with the same content, and one still on its way: what the other made is not cancelled through us yet", async () => {
    bench.practice.next("createAppointment", "late");
    bench.practice.next("fetchAppointments", silence());
    expect(await bench.book({ idempotencyKey: "one" })).toMatchObject({ kind: "outcome-unknown" });
    const second = await bench.book({ idempotencyKey: "two" });
    expect(await bench.book({ idempotencyKey: "one" })).toEqual(booked(true));

    await expect(cancelIt(second)).rejects.toMatchObject({ reason: "BOOKING_SETTLING", retryable: true });
    bench.practice.catchUp();
    bench.advance(LATE_MS + 1);
    expect(await cancelIt(second)).toMatchObject({ kind: "done" });
    expect(bench.practice.standing()).toEqual([]);
  });

  test("the same for another patient's, which has been told that the slot is taken", async () => {
    bench.practice.next("createAppointment", "late");
    bench.practice.next("fetchAppointments", silence());
    const other = { idempotencyKey: "one", nhsNumber: OTHER_PATIENT };
    expect(await bench.book(other)).toMatchObject({ kind: "outcome-unknown" });
    const second = await bench.book({ idempotencyKey: "two" });
    expect(await bench.book(other)).toMatchObject({ kind: "slot-unavailable" });

    await expect(cancelIt(second)).rejects.toMatchObject({ reason: "BOOKING_SETTLING", retryable: true });
    bench.practice.catchUp();
    bench.advance(LATE_MS + 1);
    expect(await cancelIt(second)).toMatchObject({ kind: "done" });
  });

  test("a create that arrives twice is refused the second time, and says nothing of an earlier one", async () => {
    bench.practice.next("createAppointment", "late", "delivered-twice");
    const first = await bench.book({ idempotencyKey: "one" });
    expect(first).toEqual(booked(true));

    await expect(cancelIt(first)).rejects.toMatchObject({ reason: "BOOKING_SETTLING" });
  });

  test("an appointment of which it is not written down whose it is keeps its words through us", async () => {
    bench.practice.next("createAppointment", "lost-after");
    bench.practice.next("fetchAppointments", silence());
    expect(await bench.book({ idempotencyKey: "one" })).toMatchObject({ kind: "outcome-unknown" });
    const id = idAt(bench.practice.standing()[0]?.id ?? "");
    const amend = () => amendAppointment({ id, version: "1", description: "Other" }, bench.context());

    await expect(amend()).rejects.toMatchObject({ reason: "BOOKING_SETTLING", retryable: true });
    await bench.book({ idempotencyKey: "one" });
    expect(await amend()).toMatchObject({ kind: "done" });
  });

  test("a double that has been noticed is known to be the first key's work", async () => {
    bench.practice.next("createAppointment", "late");
    const first = await bench.book({ idempotencyKey: "one" });
    bench.practice.change(idOf(first), { status: "cancelled" });
    bench.practice.catchUp();
    bench.advance(LATE_MS + 1);
    await bench.sweeper.step();
    expect(bench.settlements()).toEqual(["DOUBLED"]);

    expect(await bench.book({ idempotencyKey: "two", description: "Smear test" })).toMatchObject({
      kind: "slot-unavailable",
      code: "ALREADY_BOOKED_FOR_PATIENT",
    });
    expect(idOf(await bench.book({ idempotencyKey: "one" }))).toBe(idOf(first));
  });
});

function idAt(appointmentId: string): string {
  return bench.appointmentIds.encode({ odsCode: PRACTICE, appointmentId, nhsNumber: PATIENT });
}

function cancelIt(outcome: BookingOutcome): Promise<ChangeOutcome> {
  const request = { id: idAt(idOf(outcome)), version: "1", reason: "No longer needed" };
  return cancelAppointment(request, bench.context());
}
