import { SCOPES, type Scope } from "../../src/domain/scope.js";
import { createGraphHarness } from "../support/graph-harness.js";

const PATIENT = "9000000009";
const FORBIDDEN = { code: "FORBIDDEN", reason: "NO_PERMISSION" };

/** One selection for each scope, below a patient or a practice, with its path in the response. */
const FIELDS: readonly [Scope, string, string][] = [
  ["demographics", "patient", "name { family }"],
  ["demographics", "patient", "dateOfBirth"],
  ["demographics", "patient", "gender"],
  ["demographics", "patient", "deceased"],
  ["demographics", "patient", "address { postalCode }"],
  ["demographics", "patient", "phone"],
  ["demographics", "patient", "email"],
  ["demographics", "patient", "preferredBranchId"],
  ["chargeable-status", "patient", "chargeableStatus { recorded }"],
  ["appointments:read", "patient", "appointments { id }"],
  ["appointments:read", "patient", "appointmentSearch { from }"],
  ["practice", "practice", "name"],
  ["practice", "practice", "address { postalCode }"],
  ["practice", "practice", "phone"],
  ["practice", "practice", "capabilities { fhirVersion }"],
  ["operator", "practice", "endpoint { asid }"],
  ["slots", "practice", "freeSlots { id }"],
  ["slots", "practice", "nextFreeSlots { id }"],
  ["slots", "practice", "slotSearch { from }"],
];

const nameOf = (selection: string): string => selection.split(" ")[0] ?? "";
const root = (entity: string, selection: string) =>
  entity === "patient"
    ? `{ patient(nhsNumber: "${PATIENT}") { nhsNumber ${selection} } }`
    : `{ practice(odsCode: "T81001") { odsCode ${selection} } }`;
const reference = (entity: string, selection: string) => {
  const [type, key] =
    entity === "patient" ? ["Patient", `nhsNumber: "${PATIENT}"`] : ["Practice", 'odsCode: "T81001"'];
  return `{ _entities(representations: [{ __typename: "${type}", ${key} }]) { ... on ${type} { ${selection} } } }`;
};

describe.each(FIELDS)("the scope %s permits %s { %s }", (scope, entity, selection) => {
  const others = SCOPES.filter((other) => other !== scope);

  test("with every other scope it is null with FORBIDDEN, and the rest stands", async () => {
    const harness = createGraphHarness();
    const { data, errors } = await harness.run<Record<string, Record<string, unknown>>>(
      root(entity, selection),
      {},
      { scopes: others },
    );

    expect(data?.[entity]?.[nameOf(selection)]).toBeNull();
    expect(Object.keys(data?.[entity] ?? {})).toHaveLength(2);
    expect(errors.map(({ path, extensions }) => [path, extensions])).toEqual([
      [[entity, nameOf(selection)], expect.objectContaining(FORBIDDEN)],
    ]);
  });

  test("without it no upstream is called for the field, and the audit has one record", async () => {
    const harness = createGraphHarness();
    await harness.run(root(entity, selection), {}, { scopes: others });

    expect(Object.keys(harness.counts())).toEqual(entity === "patient" ? ["pds.readPatient"] : []);
    expect(harness.lastContext().events.filter(({ gate }) => gate === "G2")).toEqual([
      {
        operation: `${entity === "patient" ? "Patient" : "Practice"}.${nameOf(selection)}`,
        outcome: "BLOCKED",
        gate: "G2",
        reason: "NO_PERMISSION",
      },
    ]);
  });

  test("a reference of a gateway is treated like the root field", async () => {
    const harness = createGraphHarness();
    const { errors } = await harness.run(reference(entity, selection), {}, { scopes: others });

    expect(errors.map(({ path, extensions }) => [path, extensions])).toEqual([
      [["_entities", 0, nameOf(selection)], expect.objectContaining(FORBIDDEN)],
    ]);
  });

  test("with it alone the field is resolved", async () => {
    const { errors } = await createGraphHarness().run(root(entity, selection), {}, { scopes: [scope] });

    expect(errors.filter(({ extensions }) => extensions?.reason === "NO_PERMISSION")).toEqual([]);
  });
});

const INPUT = { nhsNumber: PATIENT, slotIds: ["x"], description: "d" };
const ROOTS: readonly [string, readonly Scope[], string, object][] = [
  [
    "tracePatient",
    ["trace"],
    "query ($i: PatientTraceInput!) { tracePatient(criteria: $i) { __typename } }",
    { family: "Testperson", birthDate: "1952-05-31" },
  ],
  ["appointment", ["appointments:read"], '{ appointment(id: "x") { id } }', {}],
  [
    "bookAppointment",
    ["appointments:write"],
    "mutation ($i: BookAppointmentInput!) { bookAppointment(input: $i) { __typename } }",
    INPUT,
  ],
  [
    "cancelAppointment",
    ["appointments:write"],
    "mutation ($i: CancelAppointmentInput!) { cancelAppointment(input: $i) { __typename } }",
    { id: "x", version: "1", reason: "r" },
  ],
  [
    "amendAppointment",
    ["appointments:write"],
    "mutation ($i: AmendAppointmentInput!) { amendAppointment(input: $i) { __typename } }",
    { id: "x", version: "1", comment: "c" },
  ],
  [
    "registerPatient",
    ["register"],
    "mutation ($i: RegisterPatientInput!) { registerPatient(input: $i) { __typename } }",
    { nhsNumber: PATIENT, odsCode: "T81001" },
  ],
];

test.each(ROOTS)("%s needs %p: without it nothing is called", async (field, scopes, query, input) => {
  const harness = createGraphHarness();
  const without = SCOPES.filter((scope) => !scopes.includes(scope));
  const { data, errors } = await harness.run(query, { i: input }, { scopes: without });

  expect(data).toEqual({ [field]: null });
  expect(errors.map(({ extensions }) => extensions)).toEqual([expect.objectContaining(FORBIDDEN)]);
  expect(harness.counts()).toEqual({});
});

test.each(ROOTS)("%s with %p alone passes the permission gate", async (_field, scopes, query, input) => {
  const { errors } = await createGraphHarness().run(query, { i: input }, { scopes });

  expect(errors.filter(({ extensions }) => extensions?.reason === "NO_PERMISSION")).toEqual([]);
});

test.each([
  [true, FORBIDDEN],
  // The slot id is malformed, which is found after the permission gate.
  [false, { code: "BAD_USER_INPUT" }],
])(
  "bookAppointment with registerIfAbsent %s needs the scope register only when it is true",
  async (registerIfAbsent, expected) => {
    const harness = createGraphHarness();
    const { errors } = await harness.run(
      "mutation ($i: BookAppointmentInput!) { bookAppointment(input: $i) { __typename } }",
      { i: { ...INPUT, registerIfAbsent } },
      { scopes: ["appointments:write"] },
    );

    expect(errors.map(({ extensions }) => extensions)).toEqual([expect.objectContaining(expected)]);
    expect(harness.counts()).toEqual({});
  },
);

test.each(["patient", "practice"])(
  "without any scope %s is FORBIDDEN, as root and as reference, without a call",
  async (entity) => {
    const selection = entity === "patient" ? "nhsNumber" : "odsCode";
    for (const query of [root(entity, selection), reference(entity, selection)]) {
      const harness = createGraphHarness();
      const { errors } = await harness.run(query, {}, { scopes: [] });

      expect(errors.map(({ extensions }) => extensions)).toEqual([expect.objectContaining(FORBIDDEN)]);
      expect(harness.counts()).toEqual({});
    }
  },
);

test("an appointment reference needs appointments:read also from a caller who may write", async () => {
  const harness = createGraphHarness();
  const query =
    '{ _entities(representations: [{ __typename: "Appointment", id: "x" }]) { ... on Appointment { id } } }';
  const { errors } = await harness.run(query, {}, { scopes: ["appointments:write"] });

  expect(errors.map(({ extensions }) => extensions)).toEqual([expect.objectContaining(FORBIDDEN)]);
  expect(harness.counts()).toEqual({});
});

test("a denied field of a list has an error for each item and one audit record", async () => {
  const harness = createGraphHarness();
  const { errors } = await harness.run(
    '{ practices(odsCodes: ["T81001", "T81002", "T81003"]) { endpoint { asid } } }',
    {},
    { scopes: ["practice"] },
  );

  expect(errors).toHaveLength(3);
  expect(harness.lastContext().events).toHaveLength(1);
});

test("aliases, fragments and directives do not pass the gate", async () => {
  const harness = createGraphHarness();
  const { data } = await harness.run(
    `query ($yes: Boolean = true) { p: practice(odsCode: "T81001") { ...F ... on Practice @include(if: $yes) { b: endpoint { asid } } } }
     fragment F on Practice { a: endpoint { asid } }`,
    {},
    { scopes: ["slots"] },
  );

  expect(data).toEqual({ p: { a: null, b: null } });
  expect(harness.counts()).toEqual({});
});
