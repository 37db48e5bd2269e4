import type { PracticeAppointment } from "../../src/domain/appointment.js";
import { amendAppointment } from "../../src/journeys/amend/amend-appointment.js";
import { cancelAppointment } from "../../src/journeys/cancel/cancel-appointment.js";
import { idOf } from "./booked-id.js";
import { CommandHarness, PATIENT, PRACTICE } from "./command-harness.js";
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
  test.each(["Review", "Smear test"])(
    "while the first is not reconciled, the second sends nothing and is told so at once: %s",
    async (description) => {
      harness.practice.next("createAppointment", "lost-after");
      harness.practice.next("fetchAppointments", silence());
      expect(await harness.book({ idempotencyKey: "one" })).toMatchObject({ kind: "outcome-unknown" });

      const second = await harness.book({ idempotencyKey: "two", description });
      expect(second).toMatchObject({ kind: "slot-unavailable", code: "SLOT_BEING_BOOKED", retryable: true });
      expect(harness.count("createAppointment")).toBe(1);

      expect(await harness.book({ idempotencyKey: "one" })).toEqual(booked(true));
      // Nothing binds the second key: its request may have a definite outcome now.
      expect(await harness.book({ idempotencyKey: "two", description })).toMatchObject(
        description === "Review"
          ? { kind: "booked", recovered: true }
          : { code: "ALREADY_BOOKED_FOR_PATIENT" },
      );
    },
  );

  test("with the same slots the other way round in the same words are one booking", async () => {
    const slotIds = [harness.slot(24, { end: "2026-11-24T10:00:00+00:00" }), harness.slot(25)];
    const first = await harness.book({ idempotencyKey: "one", slotIds });
    const second = await harness.book({ idempotencyKey: "two", slotIds: [...slotIds].reverse() });

    expect(second).toEqual(booked(true));
    expect(idOf(second)).toBe(idOf(first));
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

  test.each([
    ["confirmed by the practice", "done"],
    ["found by reading back", "lost-after"],
  ] as const)("a cancelled booking of one key, %s, is not attributed to another key", async (_case, what) => {
    if (what !== "done") harness.practice.next("createAppointment", what);
    const first = await harness.book({ idempotencyKey: "one" });
    harness.practice.change(idOf(first), { status: "cancelled" });
    harness.practice.next("createAppointment", "lost-before");
    harness.deadlineMs = 60_000;

    const second = await harness.book({ idempotencyKey: "two" });

    expect(second).toEqual(booked(false));
    expect(idOf(second)).not.toBe(idOf(first));
  });

  test("one still on its way: what the practice made in its place is not cancelled through us yet", async () => {
    harness.practice.next("createAppointment", "late");
    expect(await harness.book({ idempotencyKey: "one" })).toMatchObject({ kind: "outcome-unknown" });
    const theirs = harness.practice.bookElsewhere(["slot-24"], { patientId: `patient-${PATIENT}` });
    const cancel = () =>
      cancelAppointment({ id: idAt(theirs.id), version: "1", reason: "No longer needed" }, harness.context());

    await expect(cancel()).rejects.toMatchObject({ reason: "BOOKING_SETTLING", retryable: true });
    harness.practice.catchUp();
    harness.advance(LATE_MS + 1);
    expect(await cancel()).toMatchObject({ kind: "done" });
    expect(harness.practice.standing()).toEqual([]);
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

  describe("a create that took effect twice, as when the network delivered it twice", () => {
    const REFUSED = { kind: "slot-unavailable", code: "ALREADY_BOOKED_FOR_PATIENT" };

    /** A second appointment of the first key's create, which nothing attributes to it. */
    async function bookedTwice(facts: Partial<PracticeAppointment> = {}): Promise<string> {
      const first = idOf(await harness.book({ idempotencyKey: "one", comment: "Bring a list" }));
      const { id, ...made } = harness.practice.standing()[0] as PracticeAppointment;
      harness.practice.bookElsewhere(made.slotIds, { ...made, ...facts });
      return first;
    }

    test.each<[string, Partial<PracticeAppointment>]>([
      ["the same texts", {}],
      [
        "the comment appended to the description",
        { description: "Review - Bring a list", comment: undefined },
      ],
      ["the description cut off", { description: "Rev" }],
    ])("is not passed off as the booking of a key with other texts: %s", async (_case, facts) => {
      await bookedTwice(facts);

      expect(await harness.book({ idempotencyKey: "two", description: "Smear test" })).toMatchObject(REFUSED);
      expect(harness.alerts).toContain("CARRIED_OUT_TWICE book");
    });

    test("nor when the first appointment has been cancelled since", async () => {
      const first = await bookedTwice();
      harness.practice.change(first, { status: "cancelled" });

      expect(await harness.book({ idempotencyKey: "two", description: "Smear test" })).toMatchObject(REFUSED);
    });

    test("nor when the practice wrote its own texts: the time of creation decides", async () => {
      await bookedTwice({ description: "Booked online", comment: undefined });
      harness.advance(LATE_MS + 10_000);

      expect(await harness.book({ idempotencyKey: "two", description: "Smear test" })).toMatchObject(REFUSED);
    });

    test("the other key's own appointment, whose response was lost, is still found by its texts", async () => {
      const first = idOf(await harness.book({ idempotencyKey: "one" }));
      harness.practice.change(first, { status: "cancelled" });
      harness.practice.next("createAppointment", "lost-after");

      const second = await harness.book({ idempotencyKey: "two", description: "Smear test" });
      expect(second).toEqual(booked(true));
      expect(idOf(second)).not.toBe(first);
      expect(harness.alerts).toEqual([]);
    });
  });

  test("a double that has been noticed is known to be the second key's work", async () => {
    const first = await harness.book({ idempotencyKey: "one" });
    harness.practice.next("createAppointment", "late");
    expect(await harness.book({ idempotencyKey: "two" })).toEqual(booked(true));
    harness.practice.change(idOf(first), { status: "cancelled" });
    harness.practice.catchUp();
    harness.advance(LATE_MS + 1);
    await harness.sweeper.step();
    expect(harness.settlements()).toEqual(["DOUBLED"]);

    expect(await harness.book({ idempotencyKey: "three", description: "Smear test" })).toMatchObject({
      kind: "slot-unavailable",
      code: "ALREADY_BOOKED_FOR_PATIENT",
    });
    expect(idOf(await harness.book({ idempotencyKey: "two" }))).toBe(idOf(first));
  });
});

function idAt(appointmentId: string): string {
  return harness.appointmentIds.encode({ odsCode: PRACTICE, appointmentId, nhsNumber: PATIENT });
}
