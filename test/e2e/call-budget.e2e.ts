import { operation } from "../support/operations.js";
import { type RunningGraph, startGraph } from "../support/start-graph.js";

/** The call budget of design section 5, counted at the upstream servers and compared with our own call log. */
let graph: RunningGraph;
beforeEach(async () => {
  graph = await startGraph();
});
afterEach(() => graph.close());

const ROUND = (target: string) => [`SDS Endpoint ${target}`, `SDS Device ${target}`];
const VM = "VM observation";
const CARD = operation("03-card");

/** Runs a query and answers its calls, after checking that the upstreams saw just those. */
async function cost(
  query: string,
  session: string,
  variables: object = { nhsNumber: "9000000009" },
): Promise<string[]> {
  const before = graph.sandbox.requests.length;
  const answer = await graph.query(query, { ...variables }, { "spine-session": session });
  expect(answer.errors).toBeUndefined();
  const calls = graph.calls(answer);
  // A practice's request is seen twice: at the proxy and at the practice.
  const seen = graph.sandbox.requests.slice(before).filter(({ service }) => service !== "PRACTICE");
  expect(calls).toHaveLength(seen.length);
  return calls.sort();
}

const patientQuery = (selection: string) =>
  `query ($nhsNumber: ID!) { patient(nhsNumber: $nhsNumber) { ${selection} } }`;

// Proves HAZ-61.
test.each([
  ["demographics", "nhsNumber name { display }", ["PDS Patient.read"], []],
  ["chargeable status", "chargeableStatus { recorded }", ["PDS Patient.read", ...ROUND("YES"), VM], [VM]],
  ["the practice's code", "practice { odsCode }", ["PDS Patient.read"], []],
  [
    "capabilities",
    "practice { capabilities { canBookAppointments } }",
    ["PDS Patient.read", ...ROUND("T81001"), "SSP metadata-1 T81001"],
    [],
  ],
  [
    "free slots",
    "practice { freeSlots { start } }",
    ["PDS Patient.read", ...ROUND("T81001"), "SSP slot-1 T81001"],
    ["SSP slot-1 T81001"],
  ],
  [
    "free slots with the practice's name, which comes with them",
    "practice { name freeSlots { start } phone }",
    ["PDS Patient.read", ...ROUND("T81001"), "SSP slot-1 T81001"],
    ["SSP slot-1 T81001"],
  ],
  [
    "the same field under two aliases and on two paths",
    "a: practice { freeSlots { start } } b: practice { x: freeSlots { end } y: freeSlots { start } }",
    ["PDS Patient.read", ...ROUND("T81001"), "SSP slot-1 T81001"],
    ["SSP slot-1 T81001"],
  ],
])(
  "%s costs its upstream calls once, then the uncached ones in the same session",
  async (_case, selection, cold, again) => {
    expect(await cost(patientQuery(selection), "s")).toEqual([...cold].sort());
    expect(await cost(patientQuery(selection), "s")).toEqual(again);
  },
);

test("a practice's capabilities and slots cost one SDS round and two SSP calls", async () => {
  const query =
    '{ practice(odsCode: "T81001") { capabilities { canBookAppointments } freeSlots { start } } }';

  expect(await cost(query, "s")).toEqual(
    [...ROUND("T81001"), "SSP metadata-1 T81001", "SSP slot-1 T81001"].sort(),
  );
  expect(await cost(query, "s")).toEqual(["SSP slot-1 T81001"]);
});

test("the card costs its upstream calls once, then the uncached ones in the same session", async () => {
  const cold = [
    "PDS Patient.read",
    ...ROUND("YES"),
    ...ROUND("T81001"),
    "SSP metadata-1 T81001",
    "SSP slot-1 T81001",
    VM,
  ];
  expect(await cost(CARD, "s")).toEqual(cold.sort());
  expect(await cost(CARD, "s")).toEqual(["SSP slot-1 T81001", VM]);
});

test("another session calls SDS and PDS again, and uses the cache of the deployment", async () => {
  await cost(CARD, "first");

  expect(await cost(CARD, "second")).toEqual(
    ["PDS Patient.read", ...ROUND("T81001"), "SSP slot-1 T81001", VM].sort(),
  );
});

test("without a session, nothing is cached for the next request", async () => {
  const query = patientQuery("a: nhsNumber practice { odsCode }");
  const ask = async () => graph.calls(await graph.query(query, { nhsNumber: "9000000009" }));

  expect(await ask()).toEqual(["PDS Patient.read"]);
  expect(await ask()).toEqual(["PDS Patient.read"]);
});

test("a booking after a slot search in the session costs find-patient and create only", async () => {
  const answer = await graph.query<{ patient: { practice: { freeSlots: { id: string }[] } } }>(
    patientQuery("practice { freeSlots(first: 1) { id } }"),
    { nhsNumber: "9000000009" },
    { "spine-session": "s" },
  );
  const slotIds = answer.data.patient.practice.freeSlots.map(({ id }) => id);

  const calls = await cost(
    "mutation ($input: BookAppointmentInput!) { bookAppointment(input: $input) { __typename ... on AppointmentBooked { appointment { id status } } } }",
    "s",
    { input: { nhsNumber: "9000000009", slotIds, description: "Review" } },
  );

  expect(calls).toEqual(["SSP appointment-1 T81001", "SSP patient-1 T81001"]);
});

test("the call log is present only on request, and each entry has the documented members", async () => {
  const silent = await graph.query(CARD, { nhsNumber: "9000000009" }, { "spine-trace": "0" });
  expect(silent.extensions?.spine).toBeUndefined();

  const { extensions } = await graph.query(patientQuery("nhsNumber"), { nhsNumber: "9000000009" });
  expect(extensions?.spine?.calls).toEqual([
    {
      service: "PDS",
      interaction: "Patient.read",
      target: null,
      startedMs: expect.any(Number),
      durationMs: expect.any(Number),
      outcome: "OK",
    },
  ]);
  expect(extensions?.spine?.cache).toEqual({ PDS: { hits: 0, misses: 1, shared: 0 } });
});

test("chargeable status looks up Spine's endpoint while PDS is still responding", async () => {
  graph.sandbox.faults.add({ service: "PDS", kind: { delayMs: 150 }, times: 1 });
  const answer = await graph.query(patientQuery("chargeableStatus { recorded }"), {
    nhsNumber: "9000000009",
  });
  const order = graph.calls(answer);

  // In order of start: the directory before V&M, and PDS among the first three.
  expect(order.slice(0, 3).sort()).toEqual(["PDS Patient.read", "SDS Device YES", "SDS Endpoint YES"]);
  expect(order[3]).toBe(VM);
});
