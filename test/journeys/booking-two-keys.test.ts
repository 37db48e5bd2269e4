import { amendAppointment } from "../../src/journeys/amend/amend-appointment.js";
import type { BookingOutcome } from "../../src/journeys/book/booking-outcome.js";
import { cancelAppointment } from "../../src/journeys/cancel/cancel-appointment.js";
import type { ChangeOutcome } from "../../src/journeys/change/change-outcome.js";
import { idOf } from "./booked-id.js";
import { CommandHarness, OTHER_PATIENT, PATIENT, PRACTICE } from "./command-harness.js";
import { silence } from "./fake-practice.js";

let harness: CommandHarness;
beforeEach(() => {
  harness = new CommandHarness();
});

const booked = (recovered: boolean) => expect.objectContaining({ kind: "booked", recovered });
const LATE_MS = 30_000;

describe("two keys for the same slots and patient", () => {
  test("with the same content are one booking, and the second says that it did not make it", async () => {
    const first = await harness.book({ idempotencyKey: "one" });
    const second = await harness.book({ idempotencyKey: "two" });

    expect(second).toEqual(booked(true));
    expect(idOf(second)).toBe(idOf(first));
    expect(harness.practice.standing()).toHaveLength(1);
    // From now on both keys have it.
    expect(idOf(await harness.book({ idempotencyKey: "two" }))).toBe(idOf(first));
  });

  test("without keys, as after a lost connection, likewise", async () => {
    const [first, second] = [await harness.book(), await harness.book()];

    expect(idOf(second)).toBe(idOf(first));
  });

  test("with other content, the first is not passed off as the second", async () => {
    await harness.book({ idempotencyKey: "one", description: "Review" });

    expect(await harness.book({ idempotencyKey: "two", description: "Smear test" })).toMatchObject({
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
      const ask = (name: string) => harness.book({ idempotencyKey: name, description: content[name] ?? "" });
      for (const [name, what] of [
        ["one", "lost-after"],
        ["two", "lost-before"],
      ] as const) {
        harness.practice.next("createAppointment", what);
        harness.practice.next("fetchAppointments", silence());
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
      expect(harness.practice.standing()).toHaveLength(1);
    },
  );

  test("with the same slots the other way round in the same words are one booking", async () => {
    const slotIds = [harness.slot(24, { end: "2026-11-24T10:00:00+00:00" }), harness.slot(25)];
    const first = await harness.book({ idempotencyKey: "one", slotIds });
    const second = await harness.book({ idempotencyKey: "two", slotIds: [...slotIds].reverse() });

    expect(second).toEqual(booked(true));
    expect(idOf(second)).toBe(idOf(first));
  });

  test("with other content and the first done while the second looks, each is told the truth", async () => {
    let answer = () => {};
    harness.practice.next("createAppointment", "lost-after");
    harness.practice.next("fetchAppointments", {
      after: new Promise<void>((resolve) => {
        answer = resolve;
      }),
    });
    const first = harness.book({ idempotencyKey: "one", description: "Review" });
    while (harness.count("fetchAppointments") === 0) await new Promise(setImmediate);
    const { open, ownerOf } = harness.store;
    // In between the two questions of the second to the store, the first is written down as done.
    const firstEnds = async () => {
      harness.store.open = open;
      harness.store.ownerOf = ownerOf;
      answer();
      await first;
    };
    harness.store.open = async () => {
      const answered = await open();
      await firstEnds();
      return answered;
    };
    harness.store.ownerOf = async (result) => {
      const answered = await ownerOf(result);
      await firstEnds();
      return answered;
    };

    expect(await harness.book({ idempotencyKey: "two", description: "Smear test" })).toMatchObject({
      kind: "slot-unavailable",
      code: "ALREADY_BOOKED_FOR_PATIENT",
    });
    expect(await first).toEqual(booked(true));
  });

  test("with other content, and amended before anybody knew whose it is: the time of creation tells", async () => {
    harness.practice.next("createAppointment", "lost-after");
    harness.practice.next("fetchAppointments", silence());
    const one = { idempotencyKey: "one", description: "Review" };
    expect(await harness.book(one)).toMatchObject({ kind: "outcome-unknown" });
    harness.practice.change(harness.practice.standing()[0]?.id ?? "", { description: "By the practice" });
    harness.advance(5_000);

    expect(await harness.book({ idempotencyKey: "two", description: "Smear test" })).toMatchObject({
      kind: "slot-unavailable",
      code: "ALREADY_BOOKED_FOR_PATIENT",
    });
    expect(await harness.book(one)).toEqual(booked(true));
  });

  test("a practice that writes the texts otherwise is believed all the same, where no other key is in question", async () => {
    harness.practice.next("createAppointment", "lost-after");
    harness.practice.next("fetchAppointments", {
      before: () => {
        const [made] = harness.practice.standing();
        if (made) harness.practice.change(made.id, { description: "REVIEW (booked online)" });
      },
    });

    expect(await harness.book()).toEqual(booked(true));
  });

  test("with the same content, the one that was read back by the other and cancelled since is still the one's", async () => {
    harness.practice.next("createAppointment", "lost-after");
    harness.practice.next("fetchAppointments", silence());
    expect(await harness.book({ idempotencyKey: "one" })).toMatchObject({ kind: "outcome-unknown" });
    const second = await harness.book({ idempotencyKey: "two" });
    expect(second).toEqual(booked(true));
    harness.practice.change(idOf(second), { status: "cancelled" });

    expect(await harness.book({ idempotencyKey: "one" })).toMatchObject({
      kind: "booked",
      appointment: { record: { id: idOf(second), status: "cancelled" } },
    });
    expect(harness.count("createAppointment")).toBe(2);
  });

  test("a cancelled booking of one key is not taken for the lost one of another", async () => {
    const first = await harness.book({ idempotencyKey: "one" });
    harness.practice.change(idOf(first), { status: "cancelled" });
    harness.practice.next("createAppointment", "lost-before");

    const second = await harness.book({ idempotencyKey: "two" });

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
      harness.practice.next("createAppointment", what);
      harness.practice.next("fetchAppointments", silence());
      expect(await harness.book(ask)).toMatchObject({ kind: "outcome-unknown" });
    }
    harness.practice.change(harness.practice.standing()[0]?.id ?? "", { description: "By the practice" });

    for (const ask of [two, one]) expect(await harness.book(ask)).toMatchObject({ kind: "outcome-unknown" });
    expect(harness.practice.standing()).toHaveLength(1);
  });

  test("with the same content, and one still on its way: what the other made is not cancelled through us yet", async () => {
    harness.practice.next("createAppointment", "late");
    harness.practice.next("fetchAppointments", silence());
    expect(await harness.book({ idempotencyKey: "one" })).toMatchObject({ kind: "outcome-unknown" });
    const second = await harness.book({ idempotencyKey: "two" });
    expect(await harness.book({ idempotencyKey: "one" })).toEqual(booked(true));

    await expect(cancelIt(second)).rejects.toMatchObject({ reason: "BOOKING_SETTLING", retryable: true });
    harness.practice.catchUp();
    harness.advance(LATE_MS + 1);
    expect(await cancelIt(second)).toMatchObject({ kind: "done" });
    expect(harness.practice.standing()).toEqual([]);
  });

  test("the same for another patient's, which has been told that the slot is taken", async () => {
    harness.practice.next("createAppointment", "late");
    harness.practice.next("fetchAppointments", silence());
    const other = { idempotencyKey: "one", nhsNumber: OTHER_PATIENT };
    expect(await harness.book(other)).toMatchObject({ kind: "outcome-unknown" });
    const second = await harness.book({ idempotencyKey: "two" });
    expect(await harness.book(other)).toMatchObject({ kind: "slot-unavailable" });

    await expect(cancelIt(second)).rejects.toMatchObject({ reason: "BOOKING_SETTLING", retryable: true });
    harness.practice.catchUp();
    harness.advance(LATE_MS + 1);
    expect(await cancelIt(second)).toMatchObject({ kind: "done" });
  });

  test("a create that arrives twice is refused the second time, and says nothing of an earlier one", async () => {
    harness.practice.next("createAppointment", "late", "delivered-twice");
    const first = await harness.book({ idempotencyKey: "one" });
    expect(first).toEqual(booked(true));

    await expect(cancelIt(first)).rejects.toMatchObject({ reason: "BOOKING_SETTLING" });
  });

  test("an appointment of which it is not written down whose it is keeps its words through us", async () => {
    harness.practice.next("createAppointment", "lost-after");
    harness.practice.next("fetchAppointments", silence());
    expect(await harness.book({ idempotencyKey: "one" })).toMatchObject({ kind: "outcome-unknown" });
    const id = idAt(harness.practice.standing()[0]?.id ?? "");
    const amend = () => amendAppointment({ id, version: "1", description: "Other" }, harness.context());

    await expect(amend()).rejects.toMatchObject({ reason: "BOOKING_SETTLING", retryable: true });
    await harness.book({ idempotencyKey: "one" });
    expect(await amend()).toMatchObject({ kind: "done" });
  });

  test("a double that has been noticed is known to be the first key's work", async () => {
    harness.practice.next("createAppointment", "late");
    const first = await harness.book({ idempotencyKey: "one" });
    harness.practice.change(idOf(first), { status: "cancelled" });
    harness.practice.catchUp();
    harness.advance(LATE_MS + 1);
    await harness.sweeper.step();
    expect(harness.settlements()).toEqual(["DOUBLED"]);

    expect(await harness.book({ idempotencyKey: "two", description: "Smear test" })).toMatchObject({
      kind: "slot-unavailable",
      code: "ALREADY_BOOKED_FOR_PATIENT",
    });
    expect(idOf(await harness.book({ idempotencyKey: "one" }))).toBe(idOf(first));
  });
});

function idAt(appointmentId: string): string {
  return harness.appointmentIds.encode({ odsCode: PRACTICE, appointmentId, nhsNumber: PATIENT });
}

function cancelIt(outcome: BookingOutcome): Promise<ChangeOutcome> {
  const request = { id: idAt(idOf(outcome)), version: "1", reason: "No longer needed" };
  return cancelAppointment(request, harness.context());
}
