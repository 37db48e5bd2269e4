import { type RunningGraph, startGraph } from "../support/start-graph.js";

/** What a gateway asks of a subgraph: entities by their keys. */
let graph: RunningGraph;
beforeEach(async () => {
  graph = await startGraph();
});
afterEach(() => graph.close());

const ENTITIES = `query ($representations: [_Any!]!) { _entities(representations: $representations) {
  __typename
  ... on Patient { nhsNumber name { display } chargeableStatus { recorded } practice { odsCode freeSlots(first: 1) { start } } }
  ... on Practice { odsCode capabilities { canBookAppointments } }
} }`;

const patient = (nhsNumber: string) => ({ __typename: "Patient", nhsNumber });
const practice = (odsCode: string) => ({ __typename: "Practice", odsCode });

test("patients and practices are resolved by their keys, in the requested order", async () => {
  const answer = await graph.query<{ _entities: object[] }>(ENTITIES, {
    representations: [practice("T81101"), patient("9000000009"), practice("T81001"), patient("9990000018")],
  });

  expect(answer.errors).toBeUndefined();
  expect(answer.data._entities).toEqual([
    { __typename: "Practice", odsCode: "T81101", capabilities: { canBookAppointments: true } },
    expect.objectContaining({ __typename: "Patient", nhsNumber: "9000000009" }),
    { __typename: "Practice", odsCode: "T81001", capabilities: { canBookAppointments: true } },
    expect.objectContaining({ __typename: "Patient", nhsNumber: "9990000018" }),
  ]);
});

test("patients of one practice cost one look-up and one slot search", async () => {
  const numbers = ["9000000009", "9990000018", "9990000026", "9990000174"];

  const answer = await graph.query(ENTITIES, { representations: numbers.map(patient) });

  const calls = graph.calls(answer);
  expect(calls.filter((call) => call === "PDS Patient.read")).toHaveLength(4);
  expect(calls.filter((call) => call === "SDS Endpoint T81001")).toHaveLength(1);
  expect(calls.filter((call) => call === "SDS Endpoint YES")).toHaveLength(1);
  expect(calls.filter((call) => call.startsWith("SSP"))).toEqual(["SSP slot-1 T81001"]);
});

// Proves GPC-STR-TST-GEN-26.
test("an unknown key and a malformed key do not affect other references", async () => {
  const answer = await graph.query<{ _entities: unknown[] }>(ENTITIES, {
    representations: [patient("9990000204"), patient("9000000008"), patient("9000000009")],
  });

  expect(answer.data._entities).toEqual([null, null, expect.objectContaining({ nhsNumber: "9000000009" })]);
  expect(answer.errors).toEqual([
    expect.objectContaining({
      path: ["_entities", 1],
      extensions: expect.objectContaining({ code: "BAD_USER_INPUT", field: "representations.1.nhsNumber" }),
    }),
  ]);
});

// Proves GPC-STR-TST-GEN-02, GPC-STR-TST-GEN-24, GPC-RPA.
test("an appointment is resolved by the id from its booking", async () => {
  const slots = await graph.query<{ practice: { freeSlots: { id: string }[] } }>(
    '{ practice(odsCode: "T81001") { freeSlots(first: 1) { id } } }',
  );
  const booking = await graph.query<{ bookAppointment: { appointment: { id: string } } }>(
    `mutation ($input: BookAppointmentInput!) { bookAppointment(input: $input) {
       ... on AppointmentBooked { appointment { id } } } }`,
    {
      input: {
        nhsNumber: "9000000009",
        slotIds: slots.data.practice.freeSlots.map(({ id }) => id),
        description: "Review",
      },
    },
  );
  const { id } = booking.data.bookAppointment.appointment;

  const answer = await graph.query(
    "query ($r: [_Any!]!) { _entities(representations: $r) { ... on Appointment { id status patient { nhsNumber } practice { odsCode } } } }",
    { r: [{ __typename: "Appointment", id }] },
  );

  expect(answer).toMatchObject({
    data: {
      _entities: [
        { id, status: "booked", patient: { nhsNumber: "9000000009" }, practice: { odsCode: "T81001" } },
      ],
    },
  });
  const byQuery = await graph.query("query ($id: ID!) { appointment(id: $id) { id status } }", { id });
  expect(byQuery.data).toEqual({ appointment: { id, status: "booked" } });
});

// Proves GPC-STR-TST-GEN-02, GPC-APA-1, GPC-CPA-1.
test("an altered appointment id is refused before any upstream call", async () => {
  const asked = graph.sandbox.requests.length;

  const answer = await graph.query('{ appointment(id: "a1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA") { id } }');

  expect(answer.errors?.[0]?.extensions).toMatchObject({ code: "BAD_USER_INPUT", field: "id" });
  expect(graph.sandbox.requests).toHaveLength(asked);
});
