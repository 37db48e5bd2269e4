import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import {
  type DocumentNode,
  type GraphQLSchema,
  getIntrospectionQuery,
  Kind,
  type OperationDefinitionNode,
  parse,
  validate,
} from "graphql";
import {
  type CostLimits,
  priceOperation,
  requireAffordable,
} from "../../src/graph/cost/require-affordable.js";
import { createSubgraphSchema } from "../../src/graph/schema.js";
import { readConfig } from "../../src/platform/config/config.js";

const NOW = Date.parse("2026-11-23T09:00:00Z");
const OPERATIONS = resolve(__dirname, "..", "operations");
const { MAX_QUERY_COST: maxCost, MAX_QUERY_DEPTH: maxDepth } = readConfig({});
const DEFAULTS: CostLimits = { maxCost, maxDepth };

let schema: GraphQLSchema;
beforeAll(async () => {
  ({ schema } = await createSubgraphSchema());
});

type Variables = Record<string, unknown>;

function priced(document: DocumentNode, variables: Variables) {
  const isOperation = (one: { kind: string }): one is OperationDefinitionNode =>
    one.kind === Kind.OPERATION_DEFINITION;
  const [operation] = document.definitions.filter(isOperation);
  if (!operation) throw new Error("the document has no operation");
  return { document, operation, variables, now: NOW };
}

function price(text: string, variables: Variables = {}): number {
  const document = parse(text);
  expect(validate(schema, document)).toEqual([]);
  return priceOperation(schema, priced(document, variables)).cost;
}

function afford(text: string, variables: Variables = {}, limits = DEFAULTS): number {
  return requireAffordable(schema, priced(parse(text), variables), limits);
}

function refusal(text: string, variables: Variables = {}, limits = DEFAULTS): Record<string, unknown> {
  try {
    return { cost: afford(text, variables, limits) };
  } catch (error) {
    return error as Record<string, unknown>;
  }
}

const inPractice = (selection: string) => `{ practice(odsCode: "T81001") { ${selection} } }`;

test("a call costs far more than a field, and scalars cost nothing", () => {
  expect(price(inPractice("odsCode"))).toBe(1);
  expect(price('{ patient(nhsNumber: "9000000009") { nhsNumber gender dateOfBirth } }')).toBe(200);
  expect(price(inPractice("capabilities { canBookAppointments }"))).toBe(201);
});

test.each([
  ["the default of two weeks", "freeSlots { start }", 1],
  ["two weeks", 'freeSlots(from: "2026-11-24T00:00:00Z", to: "2026-12-07T23:59:59Z") { start }', 1],
  ["twelve weeks", 'freeSlots(from: "2026-11-24T00:00:00Z", to: "2027-02-15T23:59:59Z") { start }', 6],
  [
    "twelve weeks as a search",
    'slotSearch(from: "2026-11-24T00:00:00Z", to: "2027-02-15T23:59:59Z") { to }',
    6,
  ],
  ["a horizon of eight weeks", "nextFreeSlots { start }", 4],
  ["a horizon of four weeks", "nextFreeSlots(horizonDays: 28) { start }", 2],
  [
    "a malformed range, which makes no call",
    'freeSlots(from: "2026-11-24T00:00:00Z", to: "2020-01-01T00:00:00Z") { start }',
    1,
  ],
])("the price of a slot search grows with its windows: %s", (_, selection, windows) => {
  const cost = price(inPractice(selection));

  expect(cost).toBeGreaterThanOrEqual(200 * windows);
  expect(cost).toBeLessThan(200 * windows + 51 * windows + 2);
});

test("a slot search is priced for fewer slots with first, and never for less than its calls", () => {
  expect(price(inPractice("freeSlots(first: 3) { start }"))).toBe(204);
  expect(price(inPractice("freeSlots(first: 9999) { start }"))).toBe(
    price(inPractice("freeSlots { start }")),
  );
});

test("a selected object is priced for each slot, and the practice of all slots once", () => {
  const plain = price(inPractice("freeSlots { start }"));

  expect(price(inPractice("freeSlots { start location { name } }"))).toBe(plain + 50);
  expect(price(inPractice("freeSlots { start practice { phone } }"))).toBe(plain + 50 + 80);
});

test("aliases, fragments and variables are priced as what they amount to", () => {
  const one = price(inPractice("freeSlots { start }"));

  expect(price(inPractice("a: freeSlots { start } b: freeSlots { start }"))).toBe(2 * one - 1);
  expect(price(`${inPractice("...F ...F")} fragment F on Practice { freeSlots { start } }`)).toBe(
    2 * one - 1,
  );
  const list =
    "query($codes: [ID!]!, $if: Boolean!) { practices(odsCodes: $codes) { freeSlots @include(if: $if) { start } } }";
  const codes = Array(10).fill("T81001");
  expect(price(list, { codes, if: true })).toBe(10 * one);
  expect(price(list, { codes, if: false })).toBe(10);
});

test("an argument that fails at run time does not make the rest of the operation free", () => {
  const text = `query($number: ID = "9000000009") {
    patient(nhsNumber: $number) { gender }
    practice(odsCode: "T81001") { capabilities { canBookAppointments } } }`;

  expect(price(text, { number: null })).toBe(201);
});

describe("what the contract promises to serve stays within the default limits", () => {
  const files = readdirSync(OPERATIONS).filter((name) => name.endsWith(".graphql"));

  test.each(files)("documented operation %s", (name) => {
    const variables = JSON.parse(
      readFileSync(join(OPERATIONS, name.replace(".graphql", ".variables.json")), "utf8"),
    );
    expect(afford(readFileSync(join(OPERATIONS, name), "utf8"), variables)).toBeLessThan(maxCost / 20);
  });

  test("the card, with all that a screen shows of one patient", () => {
    const card = `{ patient(nhsNumber: "9000000009") { name { display } address { lines } chargeableStatus { recorded status { display } }
      appointments { start location { name } practitioner { name } practice { name } }
      practice { name capabilities { canBookAppointments software { name } } freeSlots { id start practitioner { name role { display } } location { name address } } } } }`;

    expect(afford(card)).toBeLessThan(maxCost / 50);
  });

  const reference = { __typename: "Patient", nhsNumber: "9000000009" };
  const ENTITIES =
    "query($r: [_Any!]!) { _entities(representations: $r) { ... on Patient { practice { freeSlots { id start location { name } } } } } }";

  test("500 patients of another subgraph with the free slots of their practices", () => {
    expect(afford(ENTITIES, { r: Array(500).fill(reference) })).toBeLessThan(maxCost);
  });

  test("1,000 patients by reference, but not one more", () => {
    const text = "query($r: [_Any!]!) { _entities(representations: $r) { ... on Patient { gender } } }";

    expect(afford(text, { r: Array(1_000).fill(reference) })).toBeLessThan(maxCost);
    expect(refusal(text, { r: Array(1_001).fill(reference) })).toMatchObject({
      code: "BAD_USER_INPUT",
      reason: "QUERY_TOO_COSTLY",
      message: expect.stringMatching(/1001.*1000/),
    });
  });

  test("references count together however many fields they are spread over", () => {
    const text =
      "query($r: [_Any!]!) { a: _entities(representations: $r) { __typename } b: _entities(representations: $r) { __typename } }";

    expect(refusal(text, { r: Array(501).fill(reference) })).toMatchObject({ reason: "QUERY_TOO_COSTLY" });
  });

  test("200 practices over twelve weeks with the details of each slot", () => {
    const text = `query($codes: [ID!]!) { practices(odsCodes: $codes) { odsCode name
      freeSlots(from: "2026-11-24T10:00:00Z", to: "2027-02-16T09:59:59Z") {
        id start end practitioner { name role { display } } location { name } } } }`;

    expect(afford(text, { codes: Array(200).fill("T81001") })).toBeLessThan(maxCost);
  });

  test("the introspection query of tools", () => {
    expect(afford(getIntrospectionQuery())).toBeLessThan(maxCost / 100);
  });
});

const NESTED = (levels: number) => {
  let selection = "practice { odsCode }";
  for (let level = 1; level < levels; level++) selection = `practice { freeSlots { ${selection} } }`;
  return inPractice(`freeSlots { ${selection} }`);
};
const SPREAD = `${inPractice("...F0")} ${Array.from(
  { length: 12 },
  (_, index) =>
    `fragment F${index} on Practice { ${["a", "b", "c"]
      .map(
        (alias) =>
          `${alias}${index}: nextFreeSlots { practice { ${index < 11 ? `...F${index + 1}` : "odsCode"} } }`,
      )
      .join(" ")} }`,
).join(" ")}`;

describe("an operation that would exhaust the process is refused within milliseconds", () => {
  test.each([
    [
      "slots of slots of slots",
      '{practice(odsCode:"T81001"){freeSlots{practice{freeSlots{practice{freeSlots{practice{odsCode}}}}}}}}',
    ],
    ["slots beneath slots, four levels", NESTED(4)],
    ["slots beneath slots, once", NESTED(2)],
    [
      "a search beneath the slots of a search",
      inPractice("slotSearch { slots { practice { nextFreeSlots { start } } } }"),
    ],
    ["twelve fragments under three aliases each", SPREAD],
    [
      "slots beneath a slot behind a fragment",
      `${inPractice("freeSlots { practice { ...F } }")} fragment F on Practice { freeSlots { start } }`,
    ],
  ])("%s", (_, text) => {
    const document = parse(text);
    const started = process.cpuUsage();

    expect(() => requireAffordable(schema, priced(document, {}), DEFAULTS)).toThrow(
      expect.objectContaining({ code: "BAD_USER_INPUT", reason: "QUERY_TOO_COSTLY" }),
    );
    // Processor time, since other processes may use the processors of this machine.
    const { user, system } = process.cpuUsage(started);
    expect((user + system) / 1_000).toBeLessThan(100);
  });

  test("the message says the price and the limit", () => {
    const text = `query($codes: [ID!]!) { practices(odsCodes: $codes) { ${Array.from({ length: 20 }, (_, index) => `a${index}: nextFreeSlots(horizonDays: 182) { start }`).join(" ")} } }`;
    const codes = Array(200).fill("T81001");

    expect(refusal(text, { codes })).toMatchObject({
      message: `The operation costs ${price(text, { codes })}, and the limit is ${maxCost}. Request fewer items, a shorter range or fewer fields.`,
    });
  });

  test("the limits are exact", () => {
    const text = inPractice("freeSlots { start }");
    const cost = price(text);

    expect(afford(text, {}, { maxCost: cost, maxDepth: 3 })).toBe(cost);
    expect(refusal(text, {}, { maxCost: cost - 1, maxDepth: 3 })).toMatchObject({
      reason: "QUERY_TOO_COSTLY",
    });
    expect(refusal(text, {}, { maxCost: cost, maxDepth: 2 })).toMatchObject({
      message: "The operation is 3 levels deep, and the limit is 2.",
    });
  });

  test("more selections than the limit are refused, however cheap each is", () => {
    const levels = Array.from(
      { length: 12 },
      (_, index) =>
        `fragment F${index} on Practice { ${
          index < 11
            ? Array(3)
                .fill(`...F${index + 1}`)
                .join(" ")
            : "odsCode"
        } }`,
    );

    expect(refusal(`${inPractice("...F0")} ${levels.join(" ")}`)).toMatchObject({
      message: "The operation selects more than 5000 fields when its fragments are spread.",
    });
  });
});

test("the practice of a slot may be selected, and slots may be searched beside it", () => {
  expect(
    afford(inPractice("odsCode freeSlots { practice { odsCode phone } } nextFreeSlots { start }")),
  ).toBeLessThan(maxCost);
});
