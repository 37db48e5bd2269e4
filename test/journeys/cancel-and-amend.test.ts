import { amendAppointment } from "../../src/journeys/amend/amend-appointment.js";
import { cancelAppointment } from "../../src/journeys/cancel/cancel-appointment.js";
import { type ChangeHarness, cancel, harnessWithAppointment } from "./change-harness.js";
import { type CommandHarness, PATIENT, PRACTICE } from "./command-harness.js";

const LATE_MS = 30_000;

let on: ChangeHarness;
let harness: CommandHarness;
let appointmentId: string;
beforeEach(async () => {
  on = await harnessWithAppointment();
  ({ harness, appointmentId } = on);
});

const now = () => harness.practice.appointments.get(appointmentId);

describe("cancel", () => {
  test("a conflict with somebody else's cancellation, for another reason, is their doing", async () => {
    harness.practice.next("cancelAppointment", {
      before: () =>
        harness.practice.change(appointmentId, { status: "cancelled", cancellationReason: "Theirs" }),
    });

    expect(await cancel.ask(on)).toMatchObject({
      kind: "changed",
      appointment: { record: { cancellationReason: "Theirs" } },
    });
  });

  test.each([
    ["No longer", "kept only 9 of the 16 characters"],
    [undefined, "kept only 0 of the 16 characters"],
  ])("a reason that comes back shorter brings a warning: %p", async (kept, warning) => {
    harness.practice.keepReason = () => kept;

    expect(await cancel.ask(on)).toMatchObject({
      kind: "done",
      warnings: [expect.stringContaining(warning)],
    });
  });

  test("a reason kept whole brings none", async () => {
    expect(await cancel.ask(on)).toMatchObject({ kind: "done", warnings: [] });
  });

  // Proves GPC-CPA-2.
  test.each([["  "], ["r".repeat(1001)]])(
    "a reason that is none is refused before any call",
    async (text) => {
      await expect(cancel.ask(on, { text })).rejects.toMatchObject({ field: "input.reason" });
      expect(harness.calls).toEqual([]);
    },
  );

  test("waits until nothing more can come of the booking itself", async () => {
    const slotIds = [harness.slot(30)];
    await harness.book({ slotIds });
    harness.practice.next("createAppointment", "late");
    const booking = await harness.book({ slotIds });
    if (booking.kind !== "booked") throw new Error("the second was to find the first");
    const standing = booking.appointment.record;
    const other = harness.appointmentIds.encode({
      odsCode: PRACTICE,
      appointmentId: standing.id,
      nhsNumber: PATIENT,
    });
    const ask = () => cancelAppointment({ id: other, version: "1", reason: "Why" }, harness.context());

    // The second create is still out: with the slot free again, it would make a second appointment.
    await expect(ask()).rejects.toMatchObject({ reason: "BOOKING_SETTLING", retryable: true });
    harness.practice.catchUp();
    harness.advance(LATE_MS + 1);

    expect(await ask()).toMatchObject({ kind: "done" });
    expect(harness.practice.standing().filter(({ slotIds: [slot] }) => slot === "slot-30")).toEqual([]);
  });
});

describe("amend", () => {
  test("changes what is given and leaves the rest; an empty comment is taken away", async () => {
    const context = () => harness.context();
    await amendAppointment(
      { id: on.id, version: "1", description: "New words", comment: "And more" },
      context(),
    );
    expect(now()).toMatchObject({ description: "New words", comment: "And more" });

    await amendAppointment({ id: on.id, version: "2", comment: "" }, context());
    expect(now()).toMatchObject({ description: "New words", comment: undefined, versionId: "3" });
  });

  test("what is so already is done without a call that changes anything", async () => {
    const outcome = await amendAppointment(
      { id: on.id, version: "1", description: "Review" },
      harness.context(),
    );

    expect(outcome).toMatchObject({ kind: "done" });
    expect(harness.practice.writes).toEqual([]);
  });

  // Proves GPC-BPA-6, HAZ-FREE-TEXT.
  test.each([
    [{}, "input"],
    [{ description: " " }, "input.description"],
    [{ description: "d".repeat(101) }, "input.description"],
    [{ comment: "c".repeat(501) }, "input.comment"],
  ])("refuses %p before any call", async (texts, field) => {
    const asked = amendAppointment({ id: on.id, version: "1", ...texts }, harness.context());

    await expect(asked).rejects.toMatchObject({ field });
    expect(harness.calls).toEqual([]);
  });
});
