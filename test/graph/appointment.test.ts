import type { PracticeAppointment } from "../../src/domain/appointment.js";
import { upstreamError } from "../../src/upstreams/upstream-errors.js";
import { appointmentList } from "../support/appointment-list.js";
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
      fetchAppointments: async () => appointmentList(appointments),
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

// Proves GPC-FOU-RPR-01/2, GPC-FOU-RLO-01/2.
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

describe("the practitioners and roles of an appointment", () => {
  const roles = [{ code: "R0260" }, { code: "R0600" }];
  const selection =
    "practitioner { name role { code } } practitionerRole { code } practitioners { name role { code } } practitionerRoles { code }";
  const name = "Dr Ada EXAMPLE";

  it("are all listed, each read once, and no role is assigned by chance", async () => {
    const facts = {
      practitionerIds: ["2", "3"],
      practitionerRole: { code: "R0260" },
      practitionerRoles: roles,
    };
    const graph = harness([appointment("1", facts), appointment("2", facts)]);
    const { data, errors } = await graph.run<List>(list(selection));
    expect(errors).toEqual([]);
    expect(data.patient.appointments?.[0]).toEqual({
      practitioner: { name, role: { code: "R0260" } },
      practitionerRole: { code: "R0260" },
      practitioners: [
        { name, role: null },
        { name, role: null },
      ],
      practitionerRoles: roles,
    });
    expect(graph.counts()).toMatchObject({ "gpConnect.readPractitioner": 2 });
  });

  it("are a list of one with its role when there is one, and empty when there is none", async () => {
    const one = { practitionerIds: ["2"], practitionerRole: { code: "R0260" } };
    const graph = harness([appointment("1", one), appointment("2", { practitionerId: undefined })]);
    const { data, errors } = await graph.run<List>(list(selection));
    expect(errors).toEqual([]);
    expect(data.patient.appointments).toMatchObject([
      { practitioners: [{ name, role: { code: "R0260" } }], practitionerRoles: [{ code: "R0260" }] },
      { practitioner: null, practitioners: [], practitionerRoles: [] },
    ]);
  });

  it("are unknown, with an error, when one of them cannot be read", async () => {
    const graph = harness([appointment("1", { practitionerIds: ["2", "gone"] })], {
      readPractitioner: async (_practice, id) => {
        if (id !== "gone") return practitioner;
        throw upstreamError({
          service: "PROVIDER",
          code: "UPSTREAM_REFUSED",
          httpStatus: 404,
          retryable: false,
        });
      },
    });
    const { data, errors } = await graph.run<List>(list("practitioner { name } practitioners { name }"));
    expect(data.patient.appointments).toEqual([{ practitioner: { name }, practitioners: null }]);
    expect(errors).toMatchObject([{ path: ["patient", "appointments", 0, "practitioners"] }]);
  });
});

// Proves HAZ-32.
describe("two appointments in one slot", () => {
  const query = '{ patient(nhsNumber: "9000000009") { appointmentSearch { appointments { id } warnings } } }';
  const ours = { slotIds: ["slot-1"], bookingOrganisation: { odsCode: "T82000" } };
  const search = async (...facts: Partial<PracticeAppointment>[]) => {
    const graph = harness(facts.map((fact, index) => appointment(String(index), { ...ours, ...fact })));
    const alerts: string[] = [];
    graph.commands.onAlert((alert, kind) => alerts.push(`${alert} ${kind}`));
    const { data } = await graph.run<{
      patient: { appointmentSearch: { appointments: unknown[]; warnings: string[] } };
    }>(query);
    return { ...data.patient.appointmentSearch, alerts };
  };

  test("of our organisation are both shown, with a warning and an alert", async () => {
    const { appointments, warnings, alerts } = await search({}, {});

    expect(appointments).toHaveLength(2);
    expect(warnings).toEqual([expect.stringContaining("two appointments for this patient in one slot")]);
    expect(alerts).toEqual(["CARRIED_OUT_TWICE book"]);
  });

  test.each<[string, Partial<PracticeAppointment>]>([
    ["another slot", { slotIds: ["slot-2"] }],
    ["another organisation", { bookingOrganisation: { odsCode: "A82038" } }],
    ["no organisation named", { bookingOrganisation: undefined }],
    ["a cancelled one", { status: "cancelled" }],
  ])("are not reported for %s", async (_case, facts) => {
    expect(await search({}, facts)).toMatchObject({ warnings: [], alerts: [] });
  });
});

test("warnings about the list come with the appointments, and none of them is lost", async () => {
  const warnings = ["1 entry of the practice's response could not be used and was left out."];
  const graph = harness([], {
    fetchAppointments: async () => appointmentList([appointment("1")], { warnings, isComplete: false }),
  });

  const { data, errors } = await graph.run(
    '{ patient(nhsNumber: "9000000009") { appointmentSearch { appointments { status } warnings } } }',
  );

  expect(errors).toEqual([]);
  expect(data).toEqual({
    patient: { appointmentSearch: { appointments: [{ status: "booked" }], warnings } },
  });
});

// Proves HAZ-61.
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

// Proves GPC-FOU-RPR-01/3, GPC-FOU-RLO-01/3.
test.each([
  ["practitioner", "readPractitioner", { practitionerId: "gone" }, practitioner, "gender"],
  ["location", "readLocation", { locationId: "gone" }, location, "name"],
] as const)(
  "one %s that cannot be read is one null with an error, and no lost appointment",
  async (field, method, gone, known, selection) => {
    const graph = harness([appointment("1"), appointment("2", gone)], {
      [method]: async (_practice: unknown, id: string) => {
        if (id !== "gone") return known;
        throw upstreamError({
          service: "PROVIDER",
          code: "UPSTREAM_REFUSED",
          httpStatus: 404,
          retryable: false,
        });
      },
    });

    const { data, errors } = await graph.run<List>(list(`${field} { ${selection} }`));

    expect(data.patient.appointments).toEqual([
      { [field]: { [selection]: known[selection as never] } },
      { [field]: null },
    ]);
    expect(errors).toMatchObject([{ path: ["patient", "appointments", 1, field] }]);
  },
);

// Proves GPC-FOU-FPA-01/1, HAZ-WRONG-PATIENT.
test("two patients at two practices in one query: each id goes to its own practice, and to nobody else", async () => {
  const asked: string[] = [];
  const graph = harness([], {
    // As practices do it: the same ids everywhere, for other people.
    findPatient: async ({ odsCode }, nhsNumber) => [
      { id: (odsCode === "T81001") === (nhsNumber === "9000000009") ? "1" : "2", nhsNumber },
    ],
    fetchAppointments: async ({ odsCode }, patientId, _range, _context, about) => {
      asked.push(`${odsCode} ${about?.nhsNumber} ${patientId}`);
      return appointmentList();
    },
  });
  const both = 'here: appointments { id } there: appointments(odsCode: "T81002") { id }';

  const { data, errors } = await graph.run(
    `{ a: patient(nhsNumber: "9000000009") { ${both} } b: patient(nhsNumber: "9990000018") { ${both} } }`,
  );

  expect(errors).toEqual([]);
  expect(data).toEqual({ a: { here: [], there: [] }, b: { here: [], there: [] } });
  expect(asked.sort()).toEqual([
    "T81001 9000000009 1",
    "T81001 9990000018 2",
    "T81002 9000000009 2",
    "T81002 9990000018 1",
  ]);
});

// Proves GPC-AMUS-MPA-1, 1.9/2, SUMMER-TIME-SCREEN.
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

// Proves GPC-FOU-FPA-01/2, GPC-FOU-FPA-01/3, HAZ-38.
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

// Proves GPC-RPAS-1, 1.9/5, HAZ-WRONG-TIME.
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
        return appointmentList();
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

// Proves GPC-RPAS, GPC-RPAS-1.
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
