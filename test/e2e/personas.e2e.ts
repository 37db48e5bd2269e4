import { type RunningGraph, startGraph } from "../support/start-graph.js";

/** Each member of the cast shows the case that it stands for. */
let graph: RunningGraph;
beforeAll(async () => {
  graph = await startGraph({ slowMs: 60_000, environment: { SSP_TIMEOUT_MS: "300" } });
});
afterAll(() => graph.close());

interface Card {
  patient: {
    nhsNumber: string;
    requestedNhsNumber: string | null;
    name: { display: string } | null;
    deceased: boolean;
    chargeableStatus: { recorded: boolean; status: { code: string } | null } | null;
    practice: { odsCode: string; capabilities: object | null; freeSlots: object[] | null } | null;
  } | null;
}

const show = (nhsNumber: string) =>
  graph.query<Card>(
    `query ($nhsNumber: ID!) { patient(nhsNumber: $nhsNumber) {
       nhsNumber requestedNhsNumber name { display } deceased
       chargeableStatus { recorded status { code } }
       practice { odsCode capabilities { canBookAppointments } freeSlots(first: 1) { start } }
     } }`,
    { nhsNumber },
  );

const forbidden = (reason: string) => ({
  extensions: expect.objectContaining({ code: "FORBIDDEN", reason }),
});

test("chargeable, not chargeable and no record are different results", async () => {
  const statuses = await Promise.all(["9000000009", "9990000018", "9990000026"].map(show));

  expect(statuses.map(({ data }) => data.patient?.chargeableStatus)).toEqual([
    { recorded: true, status: { code: "Y" } },
    { recorded: true, status: { code: "N" } },
    { recorded: false, status: null },
  ]);
});

// Proves GPC-CORE05.
test("a superseded NHS number gives the current patient and both numbers", async () => {
  const { data, errors } = await show("9990000034");

  expect(errors).toBeUndefined();
  expect(data.patient).toMatchObject({ nhsNumber: "9990000042", requestedNhsNumber: "9990000034" });
  expect(data.patient?.chargeableStatus).toEqual({ recorded: true, status: { code: "U" } });
});

// Proves GPC-FOU-FPA-01/5, GPC-STR-TST-GEN-09, GPC-CORE03, GPC-CORE04, GPC-AMUS-IG-1, HAZ-REVEALED.
test.each([
  ["sensitive", "9990000050"],
  ["very restricted", "9990000069"],
  ["without a practice", "9990000085"],
  ["no longer registered", "9990000182"],
])(
  "a patient %s shows no practice, and none of them can be told from the others",
  async (_case, nhsNumber) => {
    const { data, errors } = await show(nhsNumber);

    expect(data.patient?.practice).toBeNull();
    expect(errors).toEqual([
      {
        message: "Access is not available for this patient at the moment.",
        path: ["patient", "practice"],
        locations: expect.any(Array),
        extensions: { code: "FORBIDDEN", reason: "ACCESS_NOT_AVAILABLE", correlationId: expect.any(String) },
      },
    ]);
    expect(data.patient?.chargeableStatus).not.toBeNull();
    const sspCalls = graph.sandbox.requests.filter(
      ({ path }) => path.includes(nhsNumber) && path.includes("T810"),
    );
    expect(sspCalls).toEqual([]);
  },
);

// Proves GPC-STR-TST-GEN-10, GPC-CORE07.
test("a deceased patient has the practice's code, and no practice is called", async () => {
  const answer = await show("9990000077");

  expect(answer.data.patient).toMatchObject({
    deceased: true,
    practice: { odsCode: "T81001", capabilities: null, freeSlots: null },
  });
  expect(answer.errors).toEqual([
    expect.objectContaining(forbidden("DECEASED")),
    expect.objectContaining(forbidden("DECEASED")),
  ]);
  expect(graph.calls(answer).filter((call) => call.startsWith("SSP"))).toEqual([]);
});

// Proves GPC-CORE06.
test("an invalidated number is refused with its reason", async () => {
  const { data, errors } = await show("9990000166");

  expect(data.patient).toBeNull();
  expect(errors).toEqual([expect.objectContaining(forbidden("NHS_NUMBER_INVALID"))]);
});

// Proves GPC-IG8, GPC-SFS-1.1, HAZ-38, HAZ-43.
test.each([
  ["down", "9990000093", { code: "UPSTREAM_UNAVAILABLE", service: "PROVIDER", retryable: true }],
  ["switched off", "9990000115", { code: "UPSTREAM_REFUSED", service: "PROVIDER", reason: "NOT_ENABLED" }],
  [
    "without an agreement",
    "9990000123",
    { code: "UPSTREAM_REFUSED", service: "SSP", reason: "NO_SHARING_AGREEMENT" },
  ],
  [
    "not in the directory",
    "9990000190",
    { code: "UPSTREAM_REFUSED", service: "SDS", reason: "NOT_ON_GP_CONNECT" },
  ],
  ["too slow", "9990000107", { code: "UPSTREAM_TIMEOUT", retryable: true }],
])("a practice that is %s gives null and an error with its reason", async (_case, nhsNumber, extensions) => {
  const { data, errors } = await show(nhsNumber);

  expect(data.patient?.practice).toMatchObject({ freeSlots: null });
  expect(errors?.find(({ path }) => path?.at(-1) === "freeSlots")?.extensions).toMatchObject(extensions);
});

// Proves HAZ-38.
test("a fully booked practice has an empty list, which is not null", async () => {
  const { data, errors } = await show("9990000158");

  expect(errors).toBeUndefined();
  expect(data.patient?.practice?.freeSlots).toEqual([]);
});

// Proves GPC-STR-TST-GEN-07, GPC-CORE02(2).
test("a practice record with other details is not booked before a person has confirmed it", async () => {
  const { data } = await graph.query<{ practice: { freeSlots: { id: string }[] } }>(
    '{ practice(odsCode: "T81001") { freeSlots(first: 1) { id } } }',
  );
  const slotIds = data.practice.freeSlots.map(({ id }) => id);
  const book = (acknowledgeDiscrepancies: boolean) =>
    graph.query(
      `mutation ($input: BookAppointmentInput!) { bookAppointment(input: $input) {
         __typename ... on DemographicsMismatch { differences { field ours theirs } } } }`,
      { input: { nhsNumber: "9990000174", slotIds, description: "Review", acknowledgeDiscrepancies } },
    );

  expect((await book(false)).data).toMatchObject({
    bookAppointment: {
      __typename: "DemographicsMismatch",
      differences: [{ field: "FAMILY_NAME", ours: "Pemberley", theirs: "Tredinnick" }],
    },
  });
  expect((await book(true)).data).toMatchObject({ bookAppointment: { __typename: "AppointmentBooked" } });
});
