import { type RunningGraph, startGraph } from "../support/start-graph.js";

/** Messages of errors never repeat the values of a request, since they reach logs and screens of others. */
let graph: RunningGraph;
beforeAll(async () => {
  graph = await startGraph();
});
afterAll(() => graph.close());

const BOOK = "mutation ($input: BookAppointmentInput!) { bookAppointment(input: $input) { __typename } }";
const PATIENT = "query ($n: ID!) { patient(nhsNumber: $n) { nhsNumber } }";
const CANARY = "Canary";

test.each<[string, string, Record<string, unknown>, string]>([
  ["an object for a text", PATIENT, { n: { name: CANARY } }, "n"],
  ["a list for a text", PATIENT, { n: [CANARY] }, "n"],
  ["a text for an object", BOOK, { input: CANARY }, "input"],
  ["a member of the wrong type", BOOK, { input: { nhsNumber: { x: CANARY } } }, "input.nhsNumber"],
  ["an unknown member", BOOK, { input: { [CANARY]: CANARY } }, "input"],
  [
    "a malformed date among other values",
    BOOK,
    {
      input: {
        nhsNumber: "9000000009",
        slotIds: [CANARY],
        description: CANARY,
        verify: { birthDate: `1984 ${CANARY}`, familyName: CANARY },
      },
    },
    "input.verify.birthDate",
  ],
  [
    "a value that imitates the end of a message",
    BOOK,
    {
      input: { nhsNumber: `x } at "input.${CANARY}"; Expected`, slotIds: [{ a: CANARY }], description: "d" },
    },
    "input.slotIds[0]",
  ],
])(
  "an error about a variable names the argument and not the value: %s",
  async (_case, query, variables, field) => {
    const { errors = [] } = await graph.query(query, variables);

    expect(errors.map(({ extensions }) => extensions)).toContainEqual(
      expect.objectContaining({ code: "BAD_USER_INPUT", field }),
    );
    expect(JSON.stringify(errors)).not.toContain(CANARY);
  },
);

test("each faulty variable has an error of its own, in the order of the document", async () => {
  const query =
    "query ($a: ID!, $b: ID!, $c: ID!) { a: patient(nhsNumber: $a) { nhsNumber } b: patient(nhsNumber: $b) { nhsNumber } c: patient(nhsNumber: $c) { nhsNumber } }";
  const { errors = [] } = await graph.query(query, { a: [CANARY], c: null });

  expect(errors.map(({ extensions }) => extensions.field)).toEqual(["a", "b", "c"]);
  expect(errors.map(({ message }) => message)).toEqual([
    'Variable "$a": expected a value of type "ID!".',
    'Variable "$b": a value of type "ID!" is required.',
    'Variable "$c": a value of type "ID!" is required.',
  ]);
});

test.each([
  ["an enum for a text", `{ patient(nhsNumber: ${CANARY}) { nhsNumber } }`],
  ["a number for an object", `mutation { bookAppointment(input: 9000000009) { __typename } }`],
  ["a text for an object", `mutation { bookAppointment(input: "${CANARY}") { __typename } }`],
  ["an object for a text", `{ patient(nhsNumber: { a: "${CANARY}" }) { nhsNumber } }`],
  ["a text for a number", `{ practice(odsCode: "T81001") { nextFreeSlots(first: "${CANARY}") { id } } }`],
  ["a malformed date", `{ practice(odsCode: "T81001") { freeSlots(from: "${CANARY}") { id } } }`],
  [
    "a text for an enum",
    `{ practice(odsCode: "T81001") { freeSlots(filter: { weekdays: ["${CANARY}"] }) { id } } }`,
  ],
  [
    "an unknown enum value",
    `{ practice(odsCode: "T81001") { freeSlots(filter: { weekdays: [${CANARY}] }) { id } } }`,
  ],
  ["a text where a name belongs", `{ patient("${CANARY}") { nhsNumber } }`],
  ["an unterminated text", `{ patient(nhsNumber: "${CANARY}) { nhsNumber } }`],
  ["a number where a name belongs", `{ patient(nhsNumber: "1") 9000000009 { nhsNumber } }`],
  ["a default value", `query ($n: ID = { a: "${CANARY}" }) { patient(nhsNumber: $n) { nhsNumber } }`],
])("an error about a document does not repeat its values: %s", async (_case, query) => {
  const { errors = [] } = await graph.query(query);

  expect(errors.length).toBeGreaterThan(0);
  expect(errors.every(({ extensions }) => extensions.code === "BAD_USER_INPUT")).toBe(true);
  expect(JSON.stringify(errors)).not.toMatch(/Canary|9000000009/);
});

test("an error does not repeat the requested operation name", async () => {
  const response = await graph.post({
    query: "query A { __typename } query B { __typename }",
    operationName: CANARY,
  });

  expect(response.errors?.[0]?.extensions.code).toBe("BAD_USER_INPUT");
  expect(JSON.stringify(response)).not.toContain(CANARY);
});
