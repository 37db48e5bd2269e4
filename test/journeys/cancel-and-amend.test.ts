import { amendAppointment } from "../../src/journeys/amend/amend-appointment.js";
import { cancelAppointment } from "../../src/journeys/cancel/cancel-appointment.js";
import { benchWithAppointment, type ChangeBench, cancel } from "./change-kit.js";
import { type CommandBench, PATIENT, PRACTICE } from "./command-bench.js";

const LATE_MS = 30_000;

let on: ChangeBench;
let bench: CommandBench;
let appointmentId: string;
beforeEach(async () => {
  on = await benchWithAppointment();
  ({ bench, appointmentId } = on);
});

const now = () => bench.practice.appointments.get(appointmentId);

describe("cancel", () => {
  test("a conflict with somebody else's cancellation, for another reason, is their doing", async () => {
    bench.practice.next("cancelAppointment", {
      before: () =>
        bench.practice.change(appointmentId, { status: "cancelled", cancellationReason: "Theirs" }),
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
    bench.practice.keepReason = () => kept;

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
      expect(bench.calls).toEqual([]);
    },
  );

  test("waits until nothing more can come of the booking itself", async () => {
    bench.practice.next("createAppointment", "late");
    const slotIds = [bench.slot(30)];
    const booking = await bench.book({ slotIds });
    if (booking.kind !== "booked") throw new Error("the second create was to succeed");
    const standing = booking.appointment.record;
    const other = bench.appointmentIds.encode({
      odsCode: PRACTICE,
      appointmentId: standing.id,
      nhsNumber: PATIENT,
    });
    const ask = () => cancelAppointment({ id: other, version: "1", reason: "Why" }, bench.context());

    // The first create is still out: with the slot free again, it would make a second appointment.
    await expect(ask()).rejects.toMatchObject({ reason: "BOOKING_SETTLING", retryable: true });
    bench.practice.catchUp();
    bench.advance(LATE_MS + 1);

    expect(await ask()).toMatchObject({ kind: "done" });
    expect(bench.practice.standing().filter(({ slotIds: [slot] }) => slot === "slot-30")).toEqual([]);
  });
});

describe("amend", () => {
  test("changes what is given and leaves the rest; an empty comment is taken away", async () => {
    const context = () => bench.context();
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
      bench.context(),
    );

    expect(outcome).toMatchObject({ kind: "done" });
    expect(bench.practice.writes).toEqual([]);
  });

  // Proves GPC-BPA-6, HAZ-FREE-TEXT.
  test.each([
    [{}, "input"],
    [{ description: " " }, "input.description"],
    [{ description: "d".repeat(101) }, "input.description"],
    [{ comment: "c".repeat(501) }, "input.comment"],
  ])("refuses %p before any call", async (texts, field) => {
    const asked = amendAppointment({ id: on.id, version: "1", ...texts }, bench.context());

    await expect(asked).rejects.toMatchObject({ field });
    expect(bench.calls).toEqual([]);
  });
});
