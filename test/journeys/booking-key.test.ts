import type { OdsCode } from "../../src/domain/ods-code.js";
import { BadUserInputError } from "../../src/platform/errors.js";
import { idOf } from "./booked-id.js";
import { CommandHarness, OTHER_PATIENT, PATIENT, testCaller } from "./command-harness.js";
import { neverLeft, refusal, silence } from "./fake-practice.js";

let harness: CommandHarness;
beforeEach(() => {
  harness = new CommandHarness();
});

const key = "the caller's own key";
const booked = (recovered: boolean) => expect.objectContaining({ kind: "booked", recovered });
const unknown = { kind: "outcome-unknown", handle: key, settlesAt: expect.any(Number) };
const ANOTHER_SLOT = new CommandHarness().slot(30);

describe("one key", () => {
  test("a bound key replays its outcome: the same appointment, its state read again, no second create", async () => {
    const first = await harness.book({ idempotencyKey: key });
    harness.practice.change(idOf(first), { comment: "added by the practice" });

    const again = await harness.book({ idempotencyKey: key });

    expect(idOf(again)).toBe(idOf(first));
    expect(again).toMatchObject({
      recovered: false,
      appointment: { nhsNumber: PATIENT, record: { versionId: "2", comment: "added by the practice" } },
    });
    expect(harness.calls.slice(4)).toEqual(["PDS", "SDS", "readAppointment"]);
  });

  test("shows an appointment that was cancelled in the meantime as cancelled, and books none in its place", async () => {
    const first = await harness.book({ idempotencyKey: key });
    harness.practice.change(idOf(first), { status: "cancelled" });

    expect(await harness.book({ idempotencyKey: key })).toMatchObject({
      kind: "booked",
      appointment: { record: { status: "cancelled" } },
    });
    expect(harness.count("createAppointment")).toBe(1);
  });

  test("replays on the day itself by the list, and afterwards as it was last seen", async () => {
    const id = idOf(await harness.book({ idempotencyKey: key, slotIds: [harness.slot(2)] }));
    const again = () => harness.book({ idempotencyKey: key, slotIds: [harness.slot(2)] });

    harness.advance(3 * 3_600_000);
    expect(idOf(await again())).toBe(id);
    expect(harness.calls.slice(-3)).toEqual(["readAppointment", "findPatient", "fetchAppointments"]);

    harness.advance(24 * 3_600_000);
    const calls = harness.calls.length;
    expect(idOf(await again())).toBe(id);
    expect(harness.calls).toHaveLength(calls);
  });

  test.each([
    ["the practice", () => harness.practice.next("readAppointment", silence())],
    ["the appointment is no longer there", () => harness.practice.appointments.clear()],
  ])("is unknown, never refused, while the state cannot be read: %s", async (_case, breakIt) => {
    await harness.book({ idempotencyKey: key });
    breakIt();

    // A time that has passed when the response arrives would tell the caller nothing.
    const soon = harness.clock.now() + 5_000;
    expect(await harness.book({ idempotencyKey: key })).toEqual({ ...unknown, settlesAt: soon });
    expect(harness.count("createAppointment")).toBe(1);
  });

  test.each([
    ["NHS number", { nhsNumber: OTHER_PATIENT }],
    ["slots", { slotIds: [ANOTHER_SLOT] }],
    ["description", { description: "Something else" }],
    ["comment", { comment: "more" }],
  ])("with another %s is refused before any call", async (_case, other) => {
    await harness.book({ idempotencyKey: key });
    const calls = harness.calls.length;

    const second = harness.book({ idempotencyKey: key, ...other });

    await expect(second).rejects.toThrow(BadUserInputError);
    await expect(second).rejects.toMatchObject({ field: "input.idempotencyKey" });
    expect(harness.calls).toHaveLength(calls);
  });

  test("is the same request with other details to verify, another choice about registration, discrepancies acknowledged", async () => {
    const id = idOf(await harness.book({ idempotencyKey: key }));
    const again = await harness.book({
      idempotencyKey: key,
      verify: { birthDate: "1952-05-31" },
      registerIfAbsent: true,
      acknowledgeDiscrepancies: true,
      temporaryContacts: { temporaryPhone: "0300 000 0000" },
    });

    expect(idOf(again)).toBe(id);
  });

  test("belongs to the organisation: another one's is another key", async () => {
    await harness.book({ idempotencyKey: key });
    const elsewhere = { ...testCaller.organisation, odsCode: "A99999" as OdsCode };

    const other = await harness.book(
      { idempotencyKey: key, slotIds: [harness.slot(30)] },
      { caller: { ...testCaller, organisation: elsewhere } },
    );

    expect(other).toEqual(booked(false));
    expect(harness.practice.standing()).toHaveLength(2);
  });

  test("is shared by the people of an organisation", async () => {
    const id = idOf(await harness.book({ idempotencyKey: key }));
    const colleague = { ...testCaller, person: { ...testCaller.person, localId: "user-8" } };

    expect(idOf(await harness.book({ idempotencyKey: key }, { caller: colleague }))).toBe(id);
  });

  test("a key is not bound by outcomes from before a create", async () => {
    harness.practice.patients.clear();
    expect(await harness.book({ idempotencyKey: key })).toEqual({ kind: "patient-not-at-practice" });

    harness.practice.addPatient(PATIENT);
    expect(await harness.book({ idempotencyKey: key, description: "Other words" })).toEqual(booked(false));
  });

  test("is not bound by a create that never left", async () => {
    harness.practice.next("createAppointment", neverLeft(), neverLeft());
    await expect(harness.book({ idempotencyKey: key })).rejects.toMatchObject({ retryable: true });
    expect(await harness.store.open()).toEqual([]);

    expect(await harness.book({ idempotencyKey: key, description: "Other words" })).toEqual(booked(false));
  });

  test("a definite refusal is replayed without an upstream call", async () => {
    harness.practice.bookElsewhere(["slot-24"]);
    const first = await harness.book({ idempotencyKey: key });
    harness.practice.appointments.clear();
    const calls = harness.calls.length;

    expect(await harness.book({ idempotencyKey: key })).toEqual(first);
    expect(harness.calls).toHaveLength(calls);
  });

  // Proves GPC-STR-TST-GEN-13.
  test("replays a refusal in the practice's name, and an error that will not go away", async () => {
    harness.practice.next("createAppointment", refusal(403, "NOT_ENABLED"));
    expect(await harness.book({ idempotencyKey: key })).toMatchObject({ kind: "practice-refused" });
    expect(await harness.book({ idempotencyKey: key })).toMatchObject({ code: "NOT_ENABLED" });

    harness.practice.next("createAppointment", refusal(400, "INVALID_RESOURCE"));
    const refused = () => harness.book({ idempotencyKey: "another key" });
    await expect(refused()).rejects.toMatchObject({ code: "UPSTREAM_REFUSED", reason: "INVALID_RESOURCE" });
    await expect(refused()).rejects.toMatchObject({ code: "UPSTREAM_REFUSED", retryable: false });
    expect(harness.count("createAppointment")).toBe(2);
  });

  test("may be sent again after a refusal that passes", async () => {
    harness.practice.next("createAppointment", refusal(429, undefined, true));
    await expect(harness.book({ idempotencyKey: key })).rejects.toMatchObject({
      code: "UPSTREAM_RATE_LIMITED",
      retryable: true,
    });

    expect(await harness.book({ idempotencyKey: key })).toEqual(booked(false));
    expect(harness.practice.standing()).toHaveLength(1);
  });

  test.each([[""], ["   "], ["k".repeat(201)]])("that is none is refused: %p", async (bad) => {
    await expect(harness.book({ idempotencyKey: bad })).rejects.toMatchObject({
      field: "input.idempotencyKey",
    });
    expect(harness.calls).toEqual([]);
  });
});
