import { buildSchema } from "graphql";
import { toCost } from "../../src/explorer/cost.js";
import { describePrice, parseDeclaredPrices } from "../../src/explorer/docs/field-prices.js";
import { fieldsOf } from "../../src/explorer/docs/schema-index.js";

const SDL = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@cost"])
  type Query { patient: Patient @cost(weight: 200) practices: [Practice] slots: [Practice!] @cost(weight: 5) @listSize(assumedSize: 50) }
  type Patient { nhsNumber: ID! practice: Practice }
  type Practice { name: String @cost(weight: 80) }
  input Search { name: String }
`;

const schema = buildSchema(SDL.replace(/extend schema.*|@cost\(.*?\)|@listSize\(.*?\)/g, ""));

test.each([
  ["Query", "patient", "cost 200"],
  ["Query", "slots", "cost 5 for each of about 50"],
  ["Query", "practices", "cost 1 for each"],
  ["Patient", "practice", "cost 1"],
  ["Patient", "nhsNumber", "no cost"],
  ["Practice", "name", "cost 80"],
  ["Search", "name", ""],
])("the schema docs give the price of %s.%s", (type, name, words) => {
  const field = fieldsOf(schema, type).find((one) => one.name === name);
  expect(field && describePrice(type, field, parseDeclaredPrices(SDL))).toBe(words);
});

test.each([
  [
    "a price",
    { data: null, extensions: { spine: { cost: { price: 81, limit: 20 } } } },
    { kind: "price", price: 81, limit: 20 },
  ],
  ["a refusal", { errors: [{ message: "Too deep." }] }, { kind: "refused", message: "Too deep." }],
  ["no price", { data: {}, extensions: { spine: { cost: { price: "81" } } } }, { kind: "unknown" }],
  ["no extensions", { data: {} }, { kind: "unknown" }],
])("the explorer reads a response with %s", (_case, response, cost) => {
  expect(toCost({ response })).toEqual(cost);
});
