import type { PracticeAppointment } from "../../src/domain/appointment.js";
import type { OdsCode } from "../../src/domain/ods-code.js";
import { findBookingOutcome } from "../../src/journeys/book/find-booking-outcome.js";
import { amend, type ChangeHarness, cancel, harnessWithAppointment } from "./change-harness.js";
import { CommandHarness, testCaller } from "./command-harness.js";
import { refusal, silence } from "./fake-practice.js";

const key = "the caller's own key";
const unknown = { kind: "outcome-unknown", handle: key, settlesAt: expect.any(Number) };
let harness: CommandHarness;
beforeEach(() => {
  harness = new CommandHarness();
});

/** The practice keeps the booking otherwise than it was asked, and says so in its response. */
function keepsOtherwise(facts: Partial<PracticeAppointment>): void {
  harness.practice.keep = (appointment) => ({ ...appointment, ...facts });
}

describe("a 201 is believed only when it says what was asked", () => {
  test.each([
    ["description", { description: "Review - Bring a list" }, { comment: "Bring a list" }],
    ["description", { description: "Rev" }, {}],
    ["comment", { comment: undefined }, { comment: "Bring a list" }],
    ["comment", { comment: "added by the practice" }, {}],
  ])("a changed %s is a warning that names it: %p", async (field, facts, request) => {
    keepsOtherwise(facts);

    const outcome = await harness.book({ idempotencyKey: key, comment: undefined, ...request });

    expect(outcome).toMatchObject({
      kind: "booked",
      recovered: false,
      warnings: [expect.stringContaining(field)],
    });
    expect(harness.calls.slice(2)).toEqual(["findPatient", "createAppointment"]);
    expect(await harness.book({ idempotencyKey: key, ...request })).toMatchObject({
      warnings: outcome.kind === "booked" ? outcome.warnings : [],
    });
  });

  test("a lost response with a changed description is still attributed to the key", async () => {
    keepsOtherwise({ description: "REVIEW (booked online)" });
    harness.practice.next("createAppointment", "lost-after");

    expect(await harness.book({ idempotencyKey: key })).toMatchObject({
      kind: "booked",
      recovered: true,
      warnings: [expect.stringContaining("description")],
    });
  });

  test.each([["cancelled"], ["pending"], ["proposed"]])(
    "status %s is not booked, read back",
    async (status) => {
      keepsOtherwise({ status });

      await expect(harness.book({ idempotencyKey: key })).rejects.toMatchObject({
        reason: "NOT_BOOKED",
        retryable: true,
      });
      expect(harness.count("fetchAppointments")).toBe(1);
      expect(await harness.store.open()).toEqual([]);
    },
  );

  test("a response with another status, when the practice shows it booked: booked", async () => {
    harness.practice.next("createAppointment", {
      respond: (appointment) => ({ ...appointment, status: "proposed" }),
    });

    expect(await harness.book({ idempotencyKey: key })).toMatchObject({ kind: "booked", recovered: true });
  });

  test.each<[string, Partial<PracticeAppointment>]>([
    ["other slots", { slotIds: ["slot-99"] }],
    ["another start", { start: "2026-11-24T09:10:00+00:00" }],
    ["another end", { end: "2026-11-24T11:00:00+00:00" }],
    ["another patient", { patientId: "somebody-else" }],
  ])("%s: unknown and alerted, never a success, and never created again", async (_case, facts) => {
    keepsOtherwise(facts);

    const outcome = await harness.book({ idempotencyKey: key });
    expect(outcome).toEqual(unknown);
    expect(harness.alerts).toEqual(["WRITE_MISMATCH book"]);
    for (let seconds = 0; seconds < 120; seconds += 10) {
      harness.advance(10_000);
      await harness.sweeper.step();
      expect(await harness.book({ idempotencyKey: key })).toEqual(unknown);
    }
    expect(harness.count("createAppointment")).toBe(1);
    expect(harness.alerts).toContain("OUTCOME_LOST book");
  });

  test("a response that the client refuses because of its patient: unknown and alerted", async () => {
    const details = { code: "UPSTREAM_BAD_RESPONSE", reason: "WRONG_PATIENT", retryable: false } as const;
    harness.practice.next("createAppointment", silence(details));

    expect(await harness.book({ idempotencyKey: key })).toEqual(unknown);
    expect(harness.alerts).toEqual(["WRITE_MISMATCH book"]);
    harness.advance(30_002);
    expect(await harness.book({ idempotencyKey: key })).toEqual(unknown);
    expect(harness.count("createAppointment")).toBe(1);
  });

  test("a response without the patient is read back before it is believed", async () => {
    harness.practice.next("createAppointment", {
      respond: (appointment) => ({ ...appointment, patientId: undefined }),
    });

    expect(await harness.book({ idempotencyKey: key })).toMatchObject({ kind: "booked", recovered: true });
    expect(harness.count("fetchAppointments")).toBe(1);
  });

  test("the same instant with another offset is the same time", async () => {
    keepsOtherwise({ start: "2026-11-24T09:00:00Z", end: "2026-11-24T09:10:00Z" });

    expect(await harness.book()).toMatchObject({ kind: "booked", recovered: false });
  });
});

describe("a 422 from the practice", () => {
  const slot = {
    id: "slot-24",
    start: "2026-11-24T09:00:00+00:00",
    end: "2026-11-24T09:10:00+00:00",
    scheduleId: "schedule-1",
  };

  test.each([
    ["gone", []],
    ["moved", [{ ...slot, start: "2026-11-24T09:05:00+00:00" }]],
    ["in another schedule", [{ ...slot, scheduleId: "schedule-2" }]],
  ])("after which one search shows the slot %s: SLOT_CHANGED", async (_case, slots) => {
    harness.practice.freeSlots = slots;
    harness.practice.next("createAppointment", refusal(422, "INVALID_RESOURCE"));

    expect(await harness.book({ idempotencyKey: key })).toMatchObject({
      kind: "slot-unavailable",
      code: "SLOT_CHANGED",
    });
    expect(harness.count("searchFreeSlots")).toBe(1);
    // The key is bound to it: no further search.
    expect(await harness.book({ idempotencyKey: key })).toMatchObject({ code: "SLOT_CHANGED" });
    expect(harness.count("searchFreeSlots")).toBe(1);
  });

  test.each([
    ["the slot as it was", [slot], []],
    ["nothing, since it fails", [], [silence()]],
  ])("after which the search shows %s stays what it is", async (_case, slots, mishaps) => {
    harness.practice.freeSlots = slots;
    harness.practice.next("searchFreeSlots", ...mishaps);
    harness.practice.next("createAppointment", refusal(422, "INVALID_RESOURCE"));

    await expect(harness.book()).rejects.toMatchObject({
      code: "UPSTREAM_REFUSED",
      reason: "INVALID_RESOURCE",
    });
    expect(harness.count("searchFreeSlots")).toBe(1);
  });

  test("no other refusal leads to a search, and no success does", async () => {
    harness.practice.next("createAppointment", refusal(400, "BAD_REQUEST"));
    await expect(harness.book()).rejects.toMatchObject({ reason: "BAD_REQUEST" });
    await harness.book();

    expect(harness.count("searchFreeSlots")).toBe(0);
  });
});

describe("the outcome of a booking, by its handle", () => {
  test("belongs to the organisation that booked", async () => {
    await harness.book({ idempotencyKey: key });
    const elsewhere = {
      ...testCaller,
      organisation: { ...testCaller.organisation, odsCode: "A99999" as OdsCode },
    };
    const calls = harness.calls.length;

    expect(await findBookingOutcome(key, harness.context())).toMatchObject({ kind: "booked" });
    expect(await findBookingOutcome(key, harness.context({ caller: elsewhere }))).toBeUndefined();
    expect(harness.calls).toHaveLength(calls);
  });

  test("is not told to a caller whose token names other patients", async () => {
    await harness.book({ idempotencyKey: key });

    const caller = { ...testCaller, patients: ["9990000018"] } as never;
    await expect(findBookingOutcome(key, harness.context({ caller }))).rejects.toMatchObject({
      reason: "NO_RELATIONSHIP",
    });
  });

  test("is 'not booked' once the sweeper has found it absent, and unknown until then", async () => {
    harness.practice.next("createAppointment", "lost-before");
    await harness.book({ idempotencyKey: key });
    expect(await findBookingOutcome(key, harness.context())).toEqual(unknown);
    harness.advance(30_002);
    await harness.sweeper.step();

    await expect(findBookingOutcome(key, harness.context())).rejects.toMatchObject({
      reason: "NOT_BOOKED",
      retryable: true,
    });
  });

  test("settlesAt stays the moment that the caller was given", async () => {
    harness.practice.next("createAppointment", "lost-before");
    const told = await harness.book({ idempotencyKey: key });
    harness.advance(10_000);

    expect(await findBookingOutcome(key, harness.context())).toEqual(told);
  });
});

describe("changes", () => {
  let on: ChangeHarness;
  beforeEach(async () => {
    on = await harnessWithAppointment();
    harness = on.harness;
  });

  test.each([
    ["appended to the description", { description: "Review - Bring a list", comment: undefined }, 1],
    ["cut", { comment: "Bring a" }, 1],
  ])("an amendment that the practice has %s is a warning", async (_case, facts, count) => {
    keepsOtherwise(facts);

    const outcome = await amend.ask(on);

    expect(outcome).toMatchObject({ kind: "done" });
    expect(outcome.kind === "done" && outcome.warnings).toHaveLength(count);
  });

  test("a lost response to an amendment that the practice has appended is attributed to us", async () => {
    keepsOtherwise({ description: "Review - Bring a list", comment: undefined });
    harness.practice.next("amendAppointment", "lost-after");

    expect(await amend.ask(on)).toMatchObject({
      kind: "done",
      warnings: [expect.stringContaining("comment")],
    });
    expect(harness.count("amendAppointment")).toBe(1);
  });

  test.each([amend, cancel])(
    "$what: other slots in the response are alerted, never a success",
    async (way) => {
      harness.practice.next(way.method, {
        respond: (appointment) => ({ ...appointment, slotIds: ["slot-99"], status: "booked", comment: "x" }),
        isLost: true,
      });

      expect(await way.ask(on, { idempotencyKey: key })).toEqual(unknown);
      expect(harness.alerts).toEqual([`WRITE_MISMATCH ${way.what}`]);
    },
  );

  test("a version that the practice did not keep is accepted while the content is what we last wrote", async () => {
    harness.practice.keepsNextVersion = true;
    const first = await amend.ask(on);
    const version = first.kind === "done" ? first.appointment.record.versionId : "";
    const kept = harness.practice.appointments.get(on.appointmentId)?.versionId;
    expect(kept).not.toBe(version);
    harness.calls.length = 0;

    expect(await amend.ask(on, { version, text: "Bring two lists" })).toMatchObject({ kind: "done" });
    // No extra read is made for it.
    expect(harness.calls).toEqual(["PDS", "SDS", "readAppointment", "amendAppointment"]);
  });

  test("such a version is refused when somebody has changed the content", async () => {
    harness.practice.keepsNextVersion = true;
    const first = await amend.ask(on);
    const version = first.kind === "done" ? first.appointment.record.versionId : "";
    harness.practice.change(on.appointmentId, { description: "by the practice" });

    expect(await amend.ask(on, { version, text: "Bring two lists" })).toMatchObject({ kind: "changed" });
    expect(harness.count("amendAppointment")).toBe(1);
  });

  test("the version of a booking that the practice did not keep is accepted likewise", async () => {
    harness.practice.change(on.appointmentId, {});

    expect(await cancel.ask(on, { version: "1" })).toMatchObject({ kind: "done" });
    expect(harness.practice.standing()).toEqual([]);
  });

  test("a version that we never gave out is another person's", async () => {
    expect(await cancel.ask(on, { version: "99" })).toMatchObject({ kind: "changed" });
  });
});
