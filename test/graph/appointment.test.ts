import type { PracticeAppointment } from "../../src/domain/appointment.js";
import { upstreamError } from "../../src/platform/upstream-failures.js";
import { TestClock } from "../support/call-context.js";
import { createGraphHarness, type HarnessFakes } from "../support/graph-harness.js";

const appointment = (id: string, facts: Partial<PracticeAppointment> = {}): PracticeAppointment => ({
  id,
  versionId: "1",
  status: "booked",
  start: "2026-11-25T10:00:00+00:00",
  end: "2026-11-25T10:10:00+00:00",
  slotIds: [`slot-${id}`],
  patientId: "patient-9000000009",
  locationId: "17",
  practitionerId: "2",
  ...facts,
});

const location = {
  id: "17",
  name: "Willow Lane Surgery",
  addressLines: ["1 Invented Lane"],
  postalCode: "ZZ99 3CZ",
};
const practitioner = {
  id: "2",
  name: { family: "Example", given: ["Ada"], prefix: ["Dr"], suffix: [] },
  gender: "female",
};

function harness(
  appointments: PracticeAppointment[],
  gpConnect: HarnessFakes["gpConnect"] = {},
  clock = new TestClock(),
) {
  return createGraphHarness({
    clock,
    gpConnect: {
      fetchAppointments: async () => appointments,
      readLocation: async () => location,
      readPractitioner: async () => practitioner,
      ...gpConnect,
    },
  });
}

interface List {
  patient: { appointments: Record<string, unknown>[] | null };
}
const list = (selection: string, args = "") =>
  `{ patient(nhsNumber: "9000000009") { appointments${args} { ${selection} } } }`;

test("places and people are fetched once each, whatever the number of appointments", async () => {
  const graph = harness([appointment("1"), appointment("2"), appointment("3", { practitionerId: "3" })]);

  const { data, errors } = await graph.run<List>(
    list("location { name address } practitioner { name gender }"),
  );

  expect(errors).toEqual([]);
  expect(data.patient.appointments?.[0]).toEqual({
    location: { name: "Willow Lane Surgery", address: "1 Invented Lane, ZZ99 3CZ" },
    practitioner: { name: "Dr Ada EXAMPLE", gender: "female" },
  });
  expect(graph.counts()).toMatchObject({ "gpConnect.readLocation": 1, "gpConnect.readPractitioner": 2 });
});

test("what is not selected is not fetched", async () => {
  const graph = harness([appointment("1")]);

  await graph.run(list("id start practice { odsCode }"));

  expect(graph.counts()).toEqual({
    "pds.readPatient": 1,
    "directory.lookUp": 1,
    "gpConnect.findPatient": 1,
    "gpConnect.fetchAppointments": 1,
  });
});

test("one practitioner who cannot be read is one null with an error, and no lost appointment", async () => {
  const graph = harness([appointment("1"), appointment("2", { practitionerId: "gone" })], {
    readPractitioner: async (_practice, id) => {
      if (id === "2") return practitioner;
      throw upstreamError({
        service: "PROVIDER",
        code: "UPSTREAM_REFUSED",
        httpStatus: 404,
        retryable: false,
      });
    },
  });

  const { data, errors } = await graph.run<List>(list("practitioner { gender }"));

  expect(data.patient.appointments).toEqual([{ practitioner: { gender: "female" } }, { practitioner: null }]);
  expect(errors).toMatchObject([{ path: ["patient", "appointments", 1, "practitioner"] }]);
});

test("in order of time, cancelled ones among them and marked, times as the practice wrote them", async () => {
  const graph = harness([
    appointment("later", { start: "2026-12-01T09:00:00+00:00" }),
    appointment("summer", { start: "2027-07-01T15:00:00+01:00", end: "2027-07-01T15:20:00+01:00" }),
    appointment("sooner", { status: "cancelled", cancellationReason: "Moved away" }),
  ]);

  const { data } = await graph.run<List>(
    list("start durationMinutes status cancellationReason bookedBy { odsCode }"),
  );

  expect(data.patient.appointments).toMatchObject([
    { start: "2026-11-25T10:00:00+00:00", status: "cancelled", cancellationReason: "Moved away" },
    { start: "2026-12-01T09:00:00+00:00", status: "booked", bookedBy: null },
    { start: "2027-07-01T15:00:00+01:00", durationMinutes: 20 },
  ]);
});

test("none is an empty list; not known is null with the reason", async () => {
  expect((await harness([]).run<List>(list("id"))).data.patient.appointments).toEqual([]);

  const unknownThere = harness([], { findPatient: async () => [] });
  expect((await unknownThere.run<List>(list("id"))).data.patient.appointments).toEqual([]);
  expect(unknownThere.counts()["gpConnect.fetchAppointments"]).toBeUndefined();

  const [one] = [{ id: "a", nhsNumber: "9000000009" as never }];
  const several = harness([], { findPatient: async () => [one, { ...one, id: "b" }] });
  const answer = await several.run<List>(list("id"));
  expect(answer.data.patient.appointments).toBeNull();
  expect(answer.errors).toMatchObject([{ extensions: { reason: "SEVERAL_RECORDS_AT_PRACTICE" } }]);
});

test.each([
  ["2026-07-01T22:30:00Z", "2026-07-01"],
  ["2026-07-01T23:30:00Z", "2026-07-02"],
  ["2026-11-23T23:30:00Z", "2026-11-23"],
])("today is London's: at %s it is %s", async (instant, today) => {
  const clock = new TestClock();
  clock.moveTo(instant);
  const asked: unknown[] = [];
  const graph = harness(
    [],
    {
      fetchAppointments: async (_practice, _patient, range) => {
        asked.push(range);
        return [];
      },
    },
    clock,
  );

  const { data } = await graph.run<{ patient: { appointmentSearch: object } }>(
    '{ patient(nhsNumber: "9000000009") { appointmentSearch { from to practice { odsCode } appointments { id } } } }',
  );

  const to = `${Number(today.slice(0, 4)) + 1}${today.slice(4)}`;
  expect(asked).toEqual([{ from: today, to }]);
  expect(data.patient.appointmentSearch).toEqual({
    from: today,
    to,
    practice: { odsCode: "T81001" },
    appointments: [],
  });
});

test.each([
  ['(from: "2026-11-22")', "from"],
  ['(from: "2026-12-02", to: "2026-12-01")', "to"],
  ['(odsCode: "?")', "odsCode"],
])("%s is refused before the practice is asked", async (args, field) => {
  const graph = harness([]);

  const { errors } = await graph.run(list("id", args));

  expect(errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT", field } }]);
  expect(graph.counts()).toEqual({ "pds.readPatient": 1 });
});
