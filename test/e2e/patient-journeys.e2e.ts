import type {
  AppointmentsQuery,
  BookAppointmentMutation,
  CancelAppointmentMutation,
  CardQuery,
} from "../generated/operations.js";
import { operation } from "../support/operations.js";
import { type RunningGraph, SUITE_PROFILE, startGraph } from "../support/start-graph.js";

/** The walk of the README, over real HTTP from end to end. */
let graph: RunningGraph;
beforeAll(async () => {
  graph = await startGraph();
});
afterAll(() => graph.close());

const PATIENT = { nhsNumber: "9000000009" };
const card = (session: string, nhsNumber = PATIENT.nhsNumber) =>
  graph.query<CardQuery>(operation("03-card"), { nhsNumber }, { "spine-session": session });
const book = (nhsNumber: string, slotIds: string[], rest: object = {}, session = "walk") =>
  graph.query<BookAppointmentMutation>(
    operation("04-book-appointment"),
    { input: { nhsNumber, slotIds, description: "Review", ...rest } },
    { "spine-session": session },
  );
const appointments = (nhsNumber: string) =>
  graph.query<AppointmentsQuery>(operation("05-appointments"), { nhsNumber });

async function freeSlotIds(first: number): Promise<string[]> {
  const answer = await graph.query<{ practice: { freeSlots: { id: string }[] } }>(
    'query ($first: Int) { practice(odsCode: "T81001") { freeSlots(first: $first) { id } } }',
    { first },
  );
  return answer.data.practice.freeSlots.map(({ id }) => id);
}

function bookedAppointment(answer: { data: BookAppointmentMutation }) {
  const result = answer.data.bookAppointment;
  if (result?.__typename !== "AppointmentBooked") throw new Error(`not booked: ${JSON.stringify(answer)}`);
  return result.appointment;
}

// Proves GPC-FOU-CAP-01/1, GPC-STR-TST-GEN-08, GPC-AMUS-PRE-2, GPC-AMUS-PRE-2.1.
test("one query returns patient, chargeable status, practice, capabilities and free slots", async () => {
  const { data, errors } = await card("one query");

  expect(errors).toBeUndefined();
  const { gpConnectVersion } = SUITE_PROFILE;
  expect(data.patient).toMatchObject({
    nhsNumber: "9000000009",
    chargeableStatus: { recorded: true, status: { display: "Chargeable" } },
    practice: { odsCode: "T81001", capabilities: { gpConnectVersion, canBookAppointments: true } },
  });
  expect(data.patient?.practice?.freeSlots).toHaveLength(5);
});

// Proves GPC-AMUS-BPA-4, GPC-AMUS-BPA-4-1, GPC-AMUS-MPA, GPC-AMUS-MPA-4, GPC-CPA-6.
test("a booked slot leaves the search, is listed as an appointment, and is free again after cancelling", async () => {
  const before = await card("walk");
  const slot = before.data.patient?.practice?.freeSlots?.[0];
  if (!slot) throw new Error("the sandbox has no free slot");

  const booking = await book(PATIENT.nhsNumber, [slot.id]);
  const { id, version, ...booked } = bookedAppointment(booking);
  expect(booked).toMatchObject({ status: "booked", start: slot.start, description: "Review" });
  expect(booking.data.bookAppointment).toMatchObject({ recovered: false, registration: null });

  const after = await card("walk");
  expect(after.data.patient?.practice?.freeSlots?.map(({ id }) => id)).not.toContain(slot.id);

  const listed = await appointments(PATIENT.nhsNumber);
  expect(listed.data.patient?.appointments).toEqual([
    expect.objectContaining({ id, version, status: "booked", start: slot.start }),
  ]);
  expect(listed.data.patient?.appointments?.[0]).toMatchObject({
    bookedBy: { odsCode: "T82000", name: "Riverside Booking Hub" },
    location: { name: slot.location?.name },
  });

  const cancel = (version: string | null) =>
    graph.query<CancelAppointmentMutation>(operation("06-cancel-appointment"), {
      input: { id, version: version ?? "", reason: "No longer needed" },
    });
  expect((await cancel("not the version I saw")).data.cancelAppointment).toMatchObject({
    __typename: "AppointmentChanged",
    appointment: { status: "booked", version },
  });
  expect((await cancel(version)).data.cancelAppointment).toMatchObject({
    __typename: "AppointmentCancelled",
    appointment: { id, status: "cancelled", cancellationReason: "No longer needed" },
  });
  expect((await cancel(version)).data.cancelAppointment).toMatchObject({
    __typename: "AppointmentNotChangeable",
    code: "ALREADY_CANCELLED",
  });
  const freed = await card("walk");
  expect(freed.data.patient?.practice?.freeSlots?.map(({ id }) => id)).toContain(slot.id);
});

// Proves HAZ-53.
test("a slot that another caller has booked is SlotUnavailable, and one appointment exists", async () => {
  const [slotId = ""] = await freeSlotIds(1);

  const [first, second] = await Promise.all([book("9990000018", [slotId]), book("9990000026", [slotId])]);

  const kinds = [first, second].map(({ data }) => data.bookAppointment?.__typename).sort();
  expect(kinds).toEqual(["AppointmentBooked", "SlotUnavailable"]);
});

// Proves GPC-FOU-REG-01/1, GPC-BPA-4, GPC-AMUS-BPA-4, GPC-AMUS-BPA-4-2.
test("a patient unknown at the practice is registered only with registerIfAbsent", async () => {
  const [slotId = ""] = await freeSlotIds(1);

  const without = await book("9990000131", [slotId]);
  expect(without.data.bookAppointment).toMatchObject({
    __typename: "PatientNotAtPractice",
    code: "PATIENT_NOT_AT_PRACTICE",
  });

  const withRegistration = await book("9990000131", [slotId], { registerIfAbsent: true });
  expect(withRegistration.data.bookAppointment).toMatchObject({
    __typename: "AppointmentBooked",
    registration: { type: "T" },
  });
  // Find, register, book: records of their own, of one journey.
  const audited = graph.auditLines.map((line) => JSON.parse(line) as Record<string, string>);
  const { correlationId } = audited.at(-1) ?? {};
  const steps = audited.filter((line) => line.correlationId === correlationId);
  const ofPractice = steps.filter(({ operation }) => operation?.startsWith("SSP"));
  const told = ofPractice.map(({ operation, outcome }) => `${operation?.split(":").at(-1)} ${outcome}`);
  expect(told.slice(0, 3)).toEqual([
    "patient-1 SUCCEEDED",
    "gpc.registerpatient-1 SUCCEEDED",
    "appointment-1 SUCCEEDED",
  ]);
});

// Proves GPC-AMUS-BPA-1/2, CONS-AppointmentsAPITest3, 1.8/1, 1.8/2, 1.8/3, 1.8/4, 1.8/5, 1.8/6, 1.8/8,
// HAZ-WRONG-PLACE.
test("a slot has every field that a screen needs", async () => {
  const { data, errors } = await graph.query<{ practice: { freeSlots: { practitioner: object | null }[] } }>(
    `{ practice(odsCode: "T81001") { freeSlots {
       start end durationMinutes deliveryChannel type scheduleType practice { odsCode name }
       location { localId name address telecom } practitionerRole { system code display }
       practitioner { name gender role { display } } } } }`,
  );

  expect(errors).toBeUndefined();
  const aText = expect.stringMatching(/./);
  const aType = SUITE_PROFILE.serviceTypes ? aText : null;
  const role = { system: aText, code: aText, display: aText };
  expect(data.practice.freeSlots.find(({ practitioner }) => practitioner)).toEqual({
    start: expect.stringMatching(/[+]0[01]:00$/),
    end: expect.stringMatching(/[+]0[01]:00$/),
    durationMinutes: expect.any(Number),
    deliveryChannel: aText,
    type: aType,
    scheduleType: aType,
    practice: { odsCode: "T81001", name: "Willow Lane Surgery" },
    location: { localId: aText, name: aText, address: aText, telecom: aText },
    practitionerRole: role,
    practitioner: { name: aText, gender: aText, role: { display: aText } },
  });
});

// Proves GPC-BPA, GPC-BPA-1, GPC-AMUS-BPA-2, BAAM-6.
test("adjacent slots make one appointment, and other combinations are refused before any upstream call", async () => {
  type Slots = {
    id: string;
    start: string;
    end: string;
    type: string;
    deliveryChannel: string;
    practitioner: { name: string };
  }[];
  const { data } = await graph.query<{ practice: { freeSlots: Slots } }>(
    '{ practice(odsCode: "T81001") { freeSlots { id start end type deliveryChannel practitioner { name } } } }',
  );
  const slots = data.practice.freeSlots.filter(({ practitioner }) => practitioner);
  const together = slots.flatMap((first) =>
    slots
      .filter(
        (next) =>
          next.start === first.end &&
          next.type === first.type &&
          next.deliveryChannel === first.deliveryChannel &&
          next.practitioner.name === first.practitioner.name,
      )
      .map((next) => [first, next] as const),
  )[0];
  if (!together) throw new Error("the sandbox has no adjacent slots");
  const [first, next] = together;

  const booking = await book("9990000018", [next.id, first.id]);
  expect(bookedAppointment(booking)).toMatchObject({ start: first.start, end: next.end });

  const apart = slots.filter(({ start }) => start > next.end);
  const refused = await book("9990000018", [apart[0]?.id ?? "", apart.at(-1)?.id ?? ""]);
  expect(refused.data.bookAppointment).toMatchObject({ __typename: "SlotsNotBookableTogether" });
  expect(graph.calls(refused)).toEqual([]);
});

test("a booking whose response is lost is found by reading back and reported as booked", async () => {
  const [slotId = ""] = await freeSlotIds(1);
  const remove = graph.sandbox.faults.add({
    service: "PRACTICE",
    odsCode: "T81001",
    interaction: "create:appointment-1",
    kind: "reset-after-commit",
    times: 1,
  });

  const answer = await book("9990000026", [slotId]);
  remove();

  expect(answer.data.bookAppointment).toMatchObject({ __typename: "AppointmentBooked", recovered: true });
});

// Proves GPC-FOU-FPA-01/8, GPC-STR-TST-GEN-14, GPC-AMUS-PRE.
test("a wrong check digit is refused with the field's name, before any upstream call", async () => {
  const asked = graph.sandbox.requests.length;

  const answer = await card("check digit", "9000000008");

  expect(answer.data.patient).toBeNull();
  expect(answer.errors).toEqual([
    expect.objectContaining({
      path: ["patient"],
      extensions: { code: "BAD_USER_INPUT", field: "nhsNumber", correlationId: expect.any(String) },
    }),
  ]);
  expect(graph.sandbox.requests).toHaveLength(asked);
});

// Proves GPC-CORE08.
test("an unknown patient is null without an error", async () => {
  const answer = await card("unknown", "9990000204");

  expect(answer).toMatchObject({ data: { patient: null } });
  expect(answer.errors).toBeUndefined();
});

// Proves GPC-STR-TST-GEN-26, GPC-CORE13, HAZ-43.
test("an unavailable practice makes only its own fields null", async () => {
  const { data, errors } = await card("down", "9990000093");

  expect(data.patient).toMatchObject({
    name: { display: expect.any(String) },
    chargeableStatus: { recorded: false },
    practice: { odsCode: "T81002", freeSlots: null, capabilities: null },
  });
  expect(errors?.find(({ path }) => path?.at(-1) === "freeSlots")).toMatchObject({
    extensions: { code: "UPSTREAM_UNAVAILABLE", service: "PROVIDER", retryable: true },
  });
});
