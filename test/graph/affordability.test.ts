import { type GraphQLSchema, Kind, type OperationDefinitionNode, parse } from "graphql";
import { createAffordabilityCheck } from "../../src/graph/cost/affordability.js";
import { requireAffordable } from "../../src/graph/cost/require-affordable.js";
import { createSubgraphSchema } from "../../src/graph/schema.js";

const NOW = Date.parse("2026-10-11T09:00:00.400Z");
const LIMITS = { maxCost: 20_000, maxDepth: 12 };

let schema: GraphQLSchema;
beforeAll(async () => {
  ({ schema } = await createSubgraphSchema());
});

type Variables = Readonly<Record<string, unknown>>;

const DOCUMENT = `
  query Slots($ods: ID!, $first: Int, $from: DateTime, $to: DateTime, $deep: Boolean!) {
    practice(odsCode: $ods) {
      freeSlots(first: $first, from: $from, to: $to) { id ...More @include(if: $deep) }
    }
  }
  query Many($codes: [ID!]!) { practices(odsCodes: $codes) { capabilities { fhirVersion } } }
  fragment More on Slot { practitioner { name role { code } } }
`;

function price(
  run: (priced: never) => number,
  variables: Variables,
  name = "Slots",
  now = NOW,
  document = parsed,
) {
  const operation = document.definitions.find(
    (one): one is OperationDefinitionNode =>
      one.kind === Kind.OPERATION_DEFINITION && one.name?.value === name,
  );
  try {
    return run({ document, operation, variables, now } as never);
  } catch (error) {
    return String(error);
  }
}

const parsed = parse(DOCUMENT);

const CASES: readonly (readonly [Variables, string?, number?])[] = [
  [{ ods: "A81001", deep: false }],
  [{ ods: "A81001", deep: true }],
  [{ ods: "B82001", deep: true }],
  [{ ods: null, deep: true }],
  [{ deep: true }],
  [{ ods: "A81001", deep: true, first: 5 }],
  [{ ods: "A81001", deep: true, first: 6 }],
  [{ ods: "A81001", deep: true, first: null }],
  [{ ods: "A81001", deep: "true" }],
  [{ ods: "A81001", deep: true, from: "2026-10-12T09:00:00Z", to: "2027-01-12T09:00:00Z" }],
  [{ ods: "A81001", deep: true, to: "2026-10-12T09:00:00Z" }],
  [{ ods: "A81001", deep: true, to: "2026-10-12T09:00:00Z" }, "Slots", NOW + 2 * 24 * 3_600_000],
  // The clocks change within these two weeks, and not within those of the case above.
  [{ ods: "A81001", deep: false }, "Slots", Date.parse("2026-10-20T09:00:00Z")],
  [{ codes: ["A81001"] }, "Many"],
  [{ codes: ["A81001", "A81002", "A81003"] }, "Many"],
  [{ codes: Array.from({ length: 400 }, (_, index) => `A${index}`) }, "Many"],
];

test("a remembered price is the price, whatever the variables, the operation and the time", () => {
  const check = createAffordabilityCheck(LIMITS);
  const remembered = [CASES, CASES, [...CASES].reverse()].map((cases) =>
    cases.map(([variables, name, now]) => price((priced) => check(schema, priced), variables, name, now)),
  );
  const fresh = CASES.map(([variables, name, now]) =>
    price((priced) => requireAffordable(schema, priced, LIMITS), variables, name, now),
  );
  expect(remembered).toEqual([fresh, fresh, [...fresh].reverse()]);
  expect(new Set(fresh).size).toBeGreaterThan(7);
});

test("an operation that is too costly is refused each time", () => {
  const check = createAffordabilityCheck({ ...LIMITS, maxCost: 10 });
  const refused = () => price((priced) => check(schema, priced), { ods: "A81001", deep: true });
  expect([refused(), refused()]).toEqual([
    expect.stringContaining("costs"),
    expect.stringContaining("costs"),
  ]);
});
