import type { OdsCode } from "../../src/domain/ods-code.js";
import { BadUserInputError } from "../../src/platform/errors.js";
import { idOf } from "./booked-id.js";
import { CommandBench, OTHER_PATIENT, PATIENT, testCaller } from "./command-bench.js";
import { neverLeft, refusal, silence } from "./fake-practice.js";

let bench: CommandBench;
beforeEach(() => {
  bench = new CommandBench();
});

const key = "the caller's own key";
const booked = (recovered: boolean) => expect.objectContaining({ kind: "booked", recovered });
const unknown = { kind: "outcome-unknown", handle: key };
const ANOTHER_SLOT = new CommandBench().slot(30);

describe("one key", () => {
  test("replays its answer: the same appointment, its state read anew, and no second create", async () => {
    const first = await bench.book({ idempotencyKey: key });
    bench.practice.change(idOf(first), { comment: "added by the practice" });

    const again = await bench.book({ idempotencyKey: key });

    expect(idOf(again)).toBe(idOf(first));
    expect(again).toMatchObject({
      recovered: false,
      appointment: { nhsNumber: PATIENT, record: { versionId: "2", comment: "added by the practice" } },
    });
    expect(bench.calls.slice(4)).toEqual(["PDS", "SDS", "readAppointment"]);
  });

  test("shows an appointment that was cancelled in the meantime as cancelled, and books none in its place", async () => {
    const first = await bench.book({ idempotencyKey: key });
    bench.practice.change(idOf(first), { status: "cancelled" });

    expect(await bench.book({ idempotencyKey: key })).toMatchObject({
      kind: "booked",
      appointment: { record: { status: "cancelled" } },
    });
    expect(bench.count("createAppointment")).toBe(1);
  });

  test("replays on the day itself by the list, and afterwards as it was last seen", async () => {
    const id = idOf(await bench.book({ idempotencyKey: key, slotIds: [bench.slot(2)] }));
    const again = () => bench.book({ idempotencyKey: key, slotIds: [bench.slot(2)] });

    bench.advance(3 * 3_600_000);
    expect(idOf(await again())).toBe(id);
    expect(bench.calls.slice(-3)).toEqual(["readAppointment", "findPatient", "fetchAppointments"]);

    bench.advance(24 * 3_600_000);
    const calls = bench.calls.length;
    expect(idOf(await again())).toBe(id);
    expect(bench.calls).toHaveLength(calls);
  });

  test.each([
    ["the practice", () => bench.practice.next("readAppointment", silence())],
    ["the appointment is no longer there", () => bench.practice.appointments.clear()],
  ])("is unknown, never refused, while the state cannot be read: %s", async (_case, breakIt) => {
    await bench.book({ idempotencyKey: key });
    breakIt();

    expect(await bench.book({ idempotencyKey: key })).toEqual(unknown);
    expect(bench.count("createAppointment")).toBe(1);
  });

  test.each([
    ["NHS number", { nhsNumber: OTHER_PATIENT }],
    ["slots", { slotIds: [ANOTHER_SLOT] }],
    ["description", { description: "Something else" }],
    ["comment", { comment: "more" }],
  ])("with another %s is refused before any call", async (_case, other) => {
    await bench.book({ idempotencyKey: key });
    const calls = bench.calls.length;

    const second = bench.book({ idempotencyKey: key, ...other });

    await expect(second).rejects.toThrow(BadUserInputError);
    await expect(second).rejects.toMatchObject({ field: "input.idempotencyKey" });
    expect(bench.calls).toHaveLength(calls);
  });

  test("is the same request with other details to verify, another wish to register, discrepancies acknowledged", async () => {
    const id = idOf(await bench.book({ idempotencyKey: key }));
    const again = await bench.book({
      idempotencyKey: key,
      verify: { birthDate: "1952-05-31" },
      registerIfAbsent: true,
      acknowledgeDiscrepancies: true,
      temporaryContacts: { temporaryPhone: "0300 000 0000" },
    });

    expect(idOf(again)).toBe(id);
  });

  test("belongs to the organisation: another one's is another key", async () => {
    await bench.book({ idempotencyKey: key });
    const elsewhere = { ...testCaller.organisation, odsCode: "A99999" as OdsCode };

    const other = await bench.book(
      { idempotencyKey: key, slotIds: [bench.slot(30)] },
      { caller: { ...testCaller, organisation: elsewhere } },
    );

    expect(other).toEqual(booked(false));
    expect(bench.practice.standing()).toHaveLength(2);
  });

  test("is shared by the people of an organisation", async () => {
    const id = idOf(await bench.book({ idempotencyKey: key }));
    const colleague = { ...testCaller, person: { ...testCaller.person, localId: "user-8" } };

    expect(idOf(await bench.book({ idempotencyKey: key }, { caller: colleague }))).toBe(id);
  });

  test("is not bound by answers from before a create", async () => {
    bench.practice.patients.clear();
    expect(await bench.book({ idempotencyKey: key })).toEqual({ kind: "patient-not-at-practice" });

    bench.practice.addPatient(PATIENT);
    expect(await bench.book({ idempotencyKey: key, description: "Other words" })).toEqual(booked(false));
  });

  test("is not bound by a create that never left", async () => {
    bench.practice.next("createAppointment", neverLeft());
    await expect(bench.book({ idempotencyKey: key })).rejects.toMatchObject({ retryable: true });
    expect(await bench.store.open()).toEqual([]);

    expect(await bench.book({ idempotencyKey: key, description: "Other words" })).toEqual(booked(false));
  });

  test("replays a definite refusal without asking anybody", async () => {
    bench.practice.bookElsewhere(["slot-24"]);
    const first = await bench.book({ idempotencyKey: key });
    bench.practice.appointments.clear();
    const calls = bench.calls.length;

    expect(await bench.book({ idempotencyKey: key })).toEqual(first);
    expect(bench.calls).toHaveLength(calls);
  });

  // Proves GPC-STR-TST-GEN-13.
  test("replays a refusal in the practice's name, and an error that will not go away", async () => {
    bench.practice.next("createAppointment", refusal(403, "NOT_ENABLED"));
    expect(await bench.book({ idempotencyKey: key })).toMatchObject({ kind: "practice-refused" });
    expect(await bench.book({ idempotencyKey: key })).toMatchObject({ code: "NOT_ENABLED" });

    bench.practice.next("createAppointment", refusal(422, "INVALID_RESOURCE"));
    const refused = () => bench.book({ idempotencyKey: "another key" });
    await expect(refused()).rejects.toMatchObject({ code: "UPSTREAM_REFUSED", reason: "INVALID_RESOURCE" });
    await expect(refused()).rejects.toMatchObject({ code: "UPSTREAM_REFUSED", retryable: false });
    expect(bench.count("createAppointment")).toBe(2);
  });

  test("may be sent again after a refusal that passes", async () => {
    bench.practice.next("createAppointment", refusal(429, undefined, true));
    await expect(bench.book({ idempotencyKey: key })).rejects.toMatchObject({
      code: "UPSTREAM_RATE_LIMITED",
      retryable: true,
    });

    expect(await bench.book({ idempotencyKey: key })).toEqual(booked(false));
    expect(bench.practice.standing()).toHaveLength(1);
  });

  test.each([[""], ["   "], ["k".repeat(201)]])("that is none is refused: %p", async (bad) => {
    await expect(bench.book({ idempotencyKey: bad })).rejects.toMatchObject({
      field: "input.idempotencyKey",
    });
    expect(bench.calls).toEqual([]);
  });
});
