import type { OdsCode } from "../../src/domain/ods-code.js";
import type { BookingOutcome } from "../../src/journeys/book/booking-outcome.js";
import { BadUserInputError, UpstreamError } from "../../src/platform/errors.js";
import { CommandBench, OTHER_PATIENT, PATIENT, testCaller } from "./command-bench.js";
import { neverLeft, refusal, silence } from "./fake-practice.js";

let bench: CommandBench;
beforeEach(() => {
  bench = new CommandBench();
});

const key = "the caller's own key";
const LATE_MS = 30_000;
const ANOTHER_SLOT = new CommandBench().slot(30);

/** The appointment's id at the practice, after a check that it was booked. */
function idOf(outcome: BookingOutcome): string {
  if (outcome.kind !== "booked") throw new Error(`not booked: ${JSON.stringify(outcome)}`);
  return outcome.appointment.record.id;
}
const booked = (recovered: boolean) => expect.objectContaining({ kind: "booked", recovered });
const unknown = { kind: "outcome-unknown", handle: key };

describe("one ask", () => {
  test("a plain booking is one find and one create, written down before it leaves", async () => {
    expect(await bench.book({ idempotencyKey: key })).toEqual(booked(false));

    expect(bench.calls).toEqual(["PDS", "SDS", "findPatient", "createAppointment"]);
    expect(await bench.store.open()).toEqual([]);
  });

  test("an answer lost after the practice has booked is found by reading back", async () => {
    bench.practice.next("createAppointment", "lost-after");

    expect(await bench.book()).toEqual(booked(true));
    expect(bench.calls.slice(2)).toEqual(["findPatient", "createAppointment", "fetchAppointments"]);
    expect(bench.practice.standing()).toHaveLength(1);
  });

  test("lost on the way there, it is sent once more, after reading back showed it absent", async () => {
    bench.practice.next("createAppointment", "lost-before");

    expect(await bench.book()).toEqual(booked(false));
    expect(bench.calls.slice(3)).toEqual(["createAppointment", "fetchAppointments", "createAppointment"]);
  });

  test("it is sent twice at most, and then the outcome is unknown", async () => {
    bench.practice.next("createAppointment", "lost-before", "lost-before", "lost-before");

    expect(await bench.book({ idempotencyKey: key })).toEqual(unknown);
    expect(bench.count("createAppointment")).toBe(2);
    expect(bench.count("fetchAppointments")).toBe(2);
  });

  test("a POST is never repeated blindly: when reading back fails too, the outcome is unknown", async () => {
    bench.practice.next("createAppointment", "lost-after");
    bench.practice.next("fetchAppointments", silence());

    expect(await bench.book({ idempotencyKey: key })).toEqual(unknown);
    expect(bench.count("createAppointment")).toBe(1);
  });

  test.each([
    ["reset", silence({ code: "UPSTREAM_UNAVAILABLE", service: "SSP" })],
    ["500", silence({ code: "UPSTREAM_UNAVAILABLE", httpStatus: 500 })],
    ["502", silence({ code: "UPSTREAM_UNAVAILABLE", httpStatus: 502 })],
    ["503", silence({ code: "UPSTREAM_UNAVAILABLE", httpStatus: 503 })],
    ["504", silence({ httpStatus: 504 })],
    ["599", silence({ httpStatus: 599 })],
    ["a 2xx that cannot be used", silence({ code: "UPSTREAM_BAD_RESPONSE", retryable: false })],
    ["a fault of our own", new TypeError("after the create had left") as never],
  ])("%s is an unclear end: read back first", async (_case, end) => {
    bench.practice.next("createAppointment", end);

    expect(await bench.book()).toEqual(booked(false));
    expect(bench.calls.slice(3)).toEqual(["createAppointment", "fetchAppointments", "createAppointment"]);
  });

  test("a 409 on the first attempt is read back: somebody else has the slot", async () => {
    bench.practice.bookElsewhere(["slot-24"]);

    expect(await bench.book()).toMatchObject({ kind: "slot-unavailable", code: "SLOT_UNAVAILABLE" });
    expect(bench.calls.slice(3)).toEqual(["createAppointment", "fetchAppointments"]);
  });

  test("a 409 that our own booking caused, delivered twice, is ours", async () => {
    bench.practice.next("createAppointment", "delivered-twice");

    expect(await bench.book()).toEqual(booked(true));
    expect(bench.practice.standing()).toHaveLength(1);
  });

  test("a 409 that cannot be read back is unknown, never a refusal", async () => {
    bench.practice.bookElsewhere(["slot-24"]);
    bench.practice.next("fetchAppointments", silence());

    expect(await bench.book({ idempotencyKey: key })).toEqual(unknown);
  });

  test("DUPLICATE_REJECTED under 422 means the same as 409", async () => {
    bench.practice.next("createAppointment", refusal(422, "DUPLICATE_REJECTED"));

    expect(await bench.book()).toMatchObject({ kind: "slot-unavailable" });
    expect(bench.count("fetchAppointments")).toBe(1);
  });

  test("the second send met by a 409 finds the first one's late booking", async () => {
    bench.practice.next("createAppointment", "late", { before: () => bench.practice.catchUp() });

    expect(await bench.book()).toEqual(booked(true));
    expect(bench.practice.standing()).toHaveLength(1);
  });

  test("a slot that is gone for good is a refusal and no unclear end", async () => {
    bench.practice.next("createAppointment", refusal(422, "REFERENCE_NOT_FOUND"));

    expect(await bench.book()).toMatchObject({ kind: "slot-unavailable" });
    expect(bench.count("fetchAppointments")).toBe(0);
  });

  test("somebody else's appointment for the same patient is not taken for ours", async () => {
    bench.practice.bookElsewhere(["slot-24"], {
      patientId: `patient-${PATIENT}`,
      bookingOrganisation: { odsCode: "A99999" },
    });

    expect(await bench.book()).toMatchObject({ kind: "slot-unavailable" });
  });

  test("an appointment over more slots than ours is not taken for ours", async () => {
    bench.practice.bookElsewhere(["slot-24", "slot-25"], {
      patientId: `patient-${PATIENT}`,
      bookingOrganisation: { odsCode: testCaller.organisation.odsCode },
    });

    expect(await bench.book()).toMatchObject({ kind: "slot-unavailable" });
  });
});

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
    expect(bench.count("fetchAppointments")).toBe(1);

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

  test("a cancelled booking of one key is not taken for the lost one of another", async () => {
    const first = await bench.book({ idempotencyKey: "one" });
    bench.practice.change(idOf(first), { status: "cancelled" });
    bench.practice.next("createAppointment", "lost-before");

    const second = await bench.book({ idempotencyKey: "two" });

    expect(second).toEqual(booked(false));
    expect(idOf(second)).not.toBe(idOf(first));
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

  test("for one slot and two patients: one is booked, one is told, one appointment stands", async () => {
    const outcomes = await Promise.all([bench.book(), bench.book({ nhsNumber: OTHER_PATIENT })]);

    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(["booked", "slot-unavailable"]);
    expect(bench.practice.standing()).toHaveLength(1);
  });
});

test("every error on the way is one after which nothing is booked", async () => {
  bench.practice.next("findPatient", silence());

  await expect(bench.book({ idempotencyKey: key })).rejects.toThrow(UpstreamError);
  expect(bench.practice.writes).toEqual([]);
  expect(await bench.store.get(bench.desk.intents.keyFor("book", "T82000", key))).toBeUndefined();
});
