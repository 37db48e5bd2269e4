import { amendAppointment } from "../../src/journeys/amend/amend-appointment.js";
import { cancelAppointment } from "../../src/journeys/cancel/cancel-appointment.js";
import { findAppointment } from "../../src/journeys/find-appointment.js";
import { type CommandHarness, PATIENT, PRACTICE } from "./command-harness.js";
import { refusal } from "./fake-practice.js";
import { ALL, ASK, answerOf, BY_NUMBER, benchWith, idOf, type Operation, withRecord } from "./gate-kit.js";

/** The gates that the practice, the form of a booking and the appointment itself make: see gates.test.ts. */

describe("G11: the practice is not to be had", () => {
  const COMMANDS: readonly Operation[] = ["book", "register", "cancel", "amend"];
  /** The kinds need different words (assurance notes, 2.3); nothing that a caller can send overrides one. */
  const REFUSALS = [
    [403, "NO_SHARING_AGREEMENT"],
    [403, "NOT_ON_GP_CONNECT"],
    [403, "NOT_ENABLED"],
    [403, "NO_ORGANISATION_CONSENT"],
    [403, "NO_PATIENT_CONSENT"],
    [501, "NOT_SUPPORTED"],
  ] as const;

  // Proves GPC-IG8, GPC-STR-TST-GEN-05, HAZ-38, GPC-CC-1.
  test.each(COMMANDS)("%s: nothing in the directory", async (operation) => {
    const harness = benchWith();
    harness.unlisted = true;

    expect(await answerOf(ASK[operation](harness))).toBe("NOT_ON_GP_CONNECT");
    expect(harness.calls).toEqual(["PDS", "SDS"]);
    expect(harness.events).toMatchObject([
      { gate: "G11", outcome: "BLOCKED", reason: "NO_ENDPOINT", odsCode: PRACTICE },
    ]);
  });

  // Proves GPC-SPN-TST-07, GPC-STR-TST-GEN-12, GPC-IG8, GPC-AMUS-IG-3, HAZ-38, HAZ-42, GPC-CC-1.
  test.each(
    COMMANDS.flatMap((operation) => REFUSALS.map(([status, code]) => [operation, status, code] as const)),
  )("%s: the practice or the proxy refuses the first call, %i %s", async (operation, status, code) => {
    const harness = benchWith();
    const first = BY_NUMBER.includes(operation) ? "findPatient" : "readAppointment";
    harness.practice.next(first, refusal(status, code));

    expect(await ASK[operation](harness)).toMatchObject({ kind: "practice-refused", code });
    expect(harness.calls).toEqual(["PDS", "SDS", first]);
    expect(harness.practice.writes).toEqual([]);
  });
});

describe("G12: the patient is not known there", () => {
  // Proves GPC-FOU-FPA-01/3, GPC-STR-TST-GEN-11, CONS-FoundationAPITest3.
  test("nobody: not at the practice, which says nothing of why", async () => {
    const harness = benchWith();
    harness.practice.patients.clear();

    expect(await harness.book()).toEqual({ kind: "patient-not-at-practice" });
    expect(harness.calls).toEqual(["PDS", "SDS", "findPatient"]);
    expect(harness.events).toMatchObject([{ gate: "G12", outcome: "BLOCKED", reason: "NOT_AT_PRACTICE" }]);
  });

  // Proves GPC-FOU-FPA-01/2, CONS-FoundationAPITest2, HAZ-WRONG-PATIENT.
  test("several: never the first of them", async () => {
    const harness = benchWith();
    harness.practice.addPatient(PATIENT, { id: "another record" });

    expect(await answerOf(ASK.book(harness))).toBe("SEVERAL_RECORDS_AT_PRACTICE");
    expect(harness.calls).toEqual(["PDS", "SDS", "findPatient"]);
    expect(harness.events).toMatchObject([
      { gate: "G12", outcome: "REFUSED", reason: "SEVERAL_RECORDS_AT_PRACTICE" },
    ]);
  });
});

// Proves GPC-FOU-FPA-01/8, GPC-STR-TST-GEN-14, CONS-FoundationAPITest52.
test.each(BY_NUMBER)(
  "%s: a practice that does not accept the number when asked for the patient",
  async (operation) => {
    const harness = benchWith();
    harness.practice.next("findPatient", refusal(400, "INVALID_NHS_NUMBER"));

    expect(await answerOf(ASK[operation](harness))).toBe("NHS_NUMBER_NOT_ACCEPTED");
    expect(harness.practice.writes).toEqual([]);
  },
);

// Proves GPC-BPA-2.
test("the practice of the slot is called and booked, wherever the patient is registered", async () => {
  const harness = benchWith(withRecord({ registeredPractice: { odsCode: "T81002" as typeof PRACTICE } }));
  const asked: string[] = [];
  const { findPatient, createAppointment } = harness.practice.client;
  harness.practice.client.findPatient = async (practice, ...rest) => {
    asked.push(`find ${practice.odsCode}`);
    return (await findPatient?.(practice, ...rest)) ?? [];
  };
  harness.practice.client.createAppointment = async (practice, ...rest) => {
    asked.push(`create ${practice.odsCode}`);
    if (!createAppointment) throw new Error("no bookings");
    return createAppointment(practice, ...rest);
  };

  expect(await harness.book()).toMatchObject({ kind: "booked" });
  expect(asked).toEqual([`find ${PRACTICE}`, `create ${PRACTICE}`]);
});

describe("G13: the practice holds somebody who differs", () => {
  // Proves GPC-FOU-RPA-01/3, GPC-STR-TST-GEN-07, GPC-CORE02(2), HAZ-WRONG-PATIENT.
  test("closed, with both values to the caller and names of fields only to the audit", async () => {
    const harness = benchWith();
    harness.practice.addPatient(PATIENT, { birthDate: "1952-05-30", gender: "male" });

    expect(await harness.book()).toEqual({
      kind: "demographics-mismatch",
      differences: [
        { field: "gender", ours: "female", theirs: "male" },
        { field: "birthDate", ours: "1952-05-31", theirs: "1952-05-30" },
      ],
    });
    expect(harness.calls).toEqual(["PDS", "SDS", "findPatient"]);
    expect(harness.events).toMatchObject([
      { gate: "G13", outcome: "BLOCKED", reason: "DEMOGRAPHICS_MISMATCH gender birthDate" },
    ]);
  });

  // Proves GPC-STR-TST-GEN-07.
  test("open again once a person has said so, on record", async () => {
    const harness = benchWith();
    harness.practice.addPatient(PATIENT, { gender: "male" });

    expect(await harness.book({ acknowledgeDiscrepancies: true })).toMatchObject({ kind: "booked" });
    expect(harness.events).toMatchObject([
      { operation: "acknowledge discrepancies", outcome: "SUCCEEDED", gate: "G13", reason: "gender" },
    ]);
  });
});

describe("G14: the form of a booking, before any call", () => {
  const harness = () => benchWith();
  const hour = 3_600_000;
  const slotAt = (one: CommandHarness, hours: number, facts: object = {}) => one.slot(hours, facts);
  const next = 24 + 600_000 / hour;

  // Proves GPC-STR-TST-GEN-05, GPC-BPA-1, GPC-BPA-6, GPC-AMUS-BPA-2-1, CONS-AppointmentsAPITest15,
  // CONS-AppointmentsAPITest16, BAAM-6, BAAM-7, HAZ-WRONG-PLACE, HAZ-FREE-TEXT.
  test.each<[string, (one: CommandHarness) => object, string, string]>([
    ["no slot", () => ({ slotIds: [] }), "BAD_USER_INPUT input.slotIds", "MALFORMED input.slotIds"],
    [
      "a forged slot",
      () => ({ slotIds: ["s1.x.y"] }),
      "BAD_USER_INPUT input.slotIds",
      "MALFORMED input.slotIds",
    ],
    [
      "a slot twice",
      (one) => ({ slotIds: [slotAt(one, 24), slotAt(one, 24)] }),
      "BAD_USER_INPUT input.slotIds",
      "MALFORMED input.slotIds",
    ],
    [
      "an appointment in place of a slot",
      (one) => ({ slotIds: [idOf(one)] }),
      "BAD_USER_INPUT input.slotIds",
      "MALFORMED input.slotIds",
    ],
    [
      "a blank text",
      () => ({ description: " " }),
      "BAD_USER_INPUT input.description",
      "MALFORMED input.description",
    ],
    [
      "101 characters",
      () => ({ description: "d".repeat(101) }),
      "BAD_USER_INPUT input.description",
      "MALFORMED input.description",
    ],
    [
      "501 characters",
      () => ({ comment: "c".repeat(501) }),
      "BAD_USER_INPUT input.comment",
      "MALFORMED input.comment",
    ],
    ["a slot that has begun", (one) => ({ slotIds: [slotAt(one, 0)] }), "SLOT_IN_PAST", "SLOT_IN_PAST"],
    [
      "slots of two practices",
      (one) => ({ slotIds: [slotAt(one, 24), slotAt(one, next, { odsCode: "T81002" })] }),
      "DIFFERENT_PRACTICES",
      "DIFFERENT_PRACTICES",
    ],
    [
      "slots with a gap",
      (one) => ({ slotIds: [slotAt(one, 24), slotAt(one, 25)] }),
      "NOT_CONSECUTIVE",
      "NOT_CONSECUTIVE",
    ],
    [
      "slots of two sessions",
      (one) => ({ slotIds: [slotAt(one, 24), slotAt(one, next, { scheduleId: "other" })] }),
      "DIFFERENT_SCHEDULE",
      "DIFFERENT_SCHEDULE",
    ],
    [
      "slots by two channels",
      (one) => ({ slotIds: [slotAt(one, 24), slotAt(one, next, { deliveryChannel: "Video" })] }),
      "DIFFERENT_DELIVERY_CHANNEL",
      "DIFFERENT_DELIVERY_CHANNEL",
    ],
    [
      "slots of two types",
      (one) => ({ slotIds: [slotAt(one, 24), slotAt(one, next, { serviceType: "Other" })] }),
      "DIFFERENT_TYPE",
      "DIFFERENT_TYPE",
    ],
  ])("%s", async (_case, request, answer, audited) => {
    const one = harness();

    expect(await answerOf(one.book(request(one)))).toBe(answer);
    expect(one.calls).toEqual([]);
    expect(one.events).toMatchObject([{ gate: "G14", outcome: "BLOCKED", reason: audited }]);
  });

  // Proves GPC-BPA-1, GPC-AMUS-BPA-2.
  test("adjacent slots in any order make one appointment", async () => {
    const one = harness();

    expect(await one.book({ slotIds: [slotAt(one, next), slotAt(one, 24)] })).toMatchObject({
      kind: "booked",
    });
    expect(one.practice.writes).toEqual([`create slot-24+slot-${next}`]);
  });
});

// Proves 1.9/6, GPC-CPA.
describe("now is an instant, not a text, in the night when the clocks go back", () => {
  // Half past one by the clock on the wall comes twice; an hour lies between.
  const FIRST = "2026-10-25T01:30:00+01:00";
  const SECOND = "2026-10-25T01:30:00+00:00";
  const between = (harness: CommandHarness) => harness.clock.moveTo("2026-10-25T01:10:00Z");

  test("a slot of the first has begun, one of the second has not", async () => {
    const harness = benchWith();
    between(harness);
    const at = (start: string) => ({ slotIds: [harness.slot(0, { start, end: addTenMinutes(start) })] });

    expect(await answerOf(harness.book(at(FIRST)))).toBe("SLOT_IN_PAST");
    expect(await harness.book(at(SECOND))).toMatchObject({ kind: "booked" });
  });

  test.each(["cancel", "amend"] as const)("%s: an appointment likewise", async (operation) => {
    const harness = benchWith();
    between(harness);
    harness.practice.change("101", { start: FIRST, end: addTenMinutes(FIRST), versionId: "1" });
    expect(await answerOf(ASK[operation](harness))).toBe("APPOINTMENT_IN_PAST");

    harness.practice.change("101", { start: SECOND, end: addTenMinutes(SECOND), versionId: "1" });
    expect(await answerOf(ASK[operation](harness))).toBe("done");
  });
});

function addTenMinutes(time: string): string {
  return time.replace("T01:30", "T01:40");
}

describe("G15: the appointment can no longer be changed", () => {
  const CHANGES: readonly Operation[] = ["cancel", "amend"];

  // Proves GPC-STR-TST-GEN-05, GPC-CPA.
  test.each(
    CHANGES.flatMap((operation) => [
      { operation, facts: { status: "cancelled" }, answer: "ALREADY_CANCELLED" },
      { operation, facts: { status: "arrived" }, answer: "NOT_BOOKED" },
      { operation, facts: { deliveryChannel: "Visit" }, answer: "READ_ONLY_VISIT" },
      { operation, facts: { comment: "by another" }, answer: "changed" },
    ]),
  )("$operation: $answer", async ({ operation, facts, answer }) => {
    const harness = benchWith();
    harness.practice.change("101", facts);

    expect(await answerOf(ASK[operation](harness))).toBe(answer);
    expect(harness.calls).toEqual(["PDS", "SDS", "readAppointment"]);
    expect(harness.events).toMatchObject([{ gate: "G15", outcome: "BLOCKED", reason: answer.toUpperCase() }]);
    expect(harness.practice.writes).toEqual([]);
  });

  // Proves GPC-CPA, CONS-AppointmentsAPITest38, CONS-AppointmentsAPITest41.
  test.each(CHANGES)("%s: begun", async (operation) => {
    const harness = benchWith();
    harness.clock.moveTo("2026-11-25T09:00:00Z");

    expect(await answerOf(ASK[operation](harness))).toBe("APPOINTMENT_IN_PAST");
    expect(harness.events).toMatchObject([{ gate: "G15", reason: "APPOINTMENT_IN_PAST" }]);
    expect(harness.practice.writes).toEqual([]);
  });

  // Proves GPC-APA-1, GPC-CPA-1.
  test.each(ALL.slice(2))("%s: an id that is none is refused before any call", async (operation) => {
    const harness = benchWith();
    const id = `${idOf(harness)}x`;
    const asked = {
      cancel: () => cancelAppointment({ id, version: "1", reason: "Why" }, harness.context()),
      amend: () => amendAppointment({ id, version: "1", comment: "More" }, harness.context()),
      appointment: () => findAppointment(id, "input.id", harness.context()),
    }[operation as "cancel" | "amend" | "appointment"];

    expect(await answerOf(asked())).toBe("BAD_USER_INPUT input.id");
    expect(harness.calls).toEqual([]);
  });
});

describe("one appointment by its id", () => {
  const find = (harness: CommandHarness) => findAppointment(idOf(harness), "id", harness.context());

  // Proves GPC-RPA.
  test("as the practice has it now", async () => {
    const harness = benchWith();

    expect(await find(harness)).toMatchObject({
      odsCode: PRACTICE,
      nhsNumber: PATIENT,
      record: { id: "101" },
    });
    expect(harness.calls).toEqual(["PDS", "SDS", "readAppointment"]);
  });

  // Proves HAZ-49.
  test("one that has begun today is found in the list of the day: whether the patient came is another matter", async () => {
    const harness = benchWith();
    harness.clock.moveTo("2026-11-25T09:05:00Z");
    harness.practice.change("101", { status: "arrived" });

    expect(await find(harness)).toMatchObject({ record: { id: "101", status: "arrived" } });
  });

  test("one of an earlier day is refused by the practice, and that is said", async () => {
    const harness = benchWith();
    harness.clock.moveTo("2026-11-26T09:00:00Z");

    expect(await answerOf(find(harness))).toBe("INVALID_RESOURCE");
  });

  test("one that is gone is null", async () => {
    const harness = benchWith();
    harness.practice.appointments.clear();

    expect(await find(harness)).toBeUndefined();
  });
});
