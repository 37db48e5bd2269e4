import { type RunningGraph, startGraph } from "../support/start-graph.js";
import { MAJA, startIssuer, type TestIssuer } from "./support/issuer.js";

/** Gate G2: a token may say which patients its bearer may ask about. */
const MINE = "9990000018";
const OTHER = "9000000009";

let issuer: TestIssuer;
let graph: RunningGraph;
beforeAll(async () => {
  issuer = await startIssuer();
  graph = await startGraph({ environment: issuer.environment });
});
afterAll(async () => {
  await graph.close();
  await issuer.close();
});
beforeEach(() => {
  graph.auditLines.length = 0;
});

async function ask(query: string, patients: unknown, variables: Record<string, unknown> = {}) {
  const token = await issuer.sign({ ...MAJA, patient_nhs_numbers: patients });
  const before = graph.sandbox.requests.length;
  const answer = await graph.query(query, variables, { authorization: `Bearer ${token}` });
  const audited = graph.auditLines.map((line) => JSON.parse(line) as Record<string, unknown>);
  return { answer, audited, calls: graph.sandbox.requests.length - before };
}

const patient = (nhsNumber: string) => `{ patient(nhsNumber: "${nhsNumber}") { nhsNumber } }`;
const entity = (nhsNumber: string) =>
  `{ _entities(representations: [{ __typename: "Patient", nhsNumber: "${nhsNumber}" }]) { ... on Patient { nhsNumber } } }`;
const REGISTER = `mutation { registerPatient(input: { nhsNumber: "${OTHER}", odsCode: "T81001" }) { __typename } }`;
const BOOK = `mutation { bookAppointment(input: { nhsNumber: "${OTHER}", slotIds: [], description: "Review" }) {
  __typename } }`;

// Proves GPC-IG2, GPC-STR-TST-GEN-02, GPC-STR-TST-GEN-05.
test.each([
  ["by number", patient(OTHER)],
  ["as an entity", entity(OTHER)],
  ["to register", REGISTER],
  ["to book for", BOOK],
])(
  "a patient whom the token does not name, %s, is FORBIDDEN with one audit record and no upstream call",
  async (_how, query) => {
    const { answer, audited, calls } = await ask(query, [MINE]);

    expect(answer.errors).toMatchObject([{ extensions: { code: "FORBIDDEN", reason: "NO_RELATIONSHIP" } }]);
    expect(calls).toBe(0);
    expect(audited).toEqual([
      expect.objectContaining({
        outcome: "BLOCKED",
        gate: "G2",
        reason: "NO_RELATIONSHIP",
        nhsNumber: OTHER,
        user: expect.objectContaining({ localId: "user-7f3a" }),
      }),
    ]);
  },
);

// Proves GPC-IG2.
test("a caller whose token names patients cannot search for others", async () => {
  const search =
    '{ tracePatient(criteria: { family: "Bellweather", birthDate: "1990-01-01" }) { __typename } }';
  const { answer, audited, calls } = await ask(search, [MINE]);

  expect(answer.errors).toMatchObject([{ extensions: { code: "FORBIDDEN", reason: "NO_PERMISSION" } }]);
  expect(calls).toBe(0);
  expect(audited).toMatchObject([{ outcome: "BLOCKED", gate: "G2", reason: "NO_PERMISSION" }]);
});

// Proves GPC-IG2.
test.each([
  ["in a list", [OTHER, MINE]],
  ["alone", MINE],
  ["as people write it", "999 000 0018"],
  ["not at all: the issuer answers for every patient", undefined],
])("a patient whom the token names %s is available", async (_how, patients) => {
  for (const query of [patient(MINE), entity(MINE)]) {
    expect((await ask(query, patients)).answer.errors).toBeUndefined();
  }
});

// Proves GPC-IG2.
test.each([[[]], [""], [null], [{}], [["9990000010"]], [[18, {}]]])(
  "a claim that names nobody who can be read admits to nobody: %j",
  async (patients) => {
    const { answer, calls } = await ask(patient(MINE), patients);

    expect(answer.errors).toMatchObject([{ extensions: { reason: "NO_RELATIONSHIP" } }]);
    expect(calls).toBe(0);
  },
);

test("a caller whose token names patients can read practices and slots", async () => {
  const { answer } = await ask('{ practice(odsCode: "T81001") { freeSlots(first: 1) { start } } }', [MINE]);

  expect(answer.errors).toBeUndefined();
});
