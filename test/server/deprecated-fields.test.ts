import { ApolloServer } from "@apollo/server";
import { buildSchema } from "graphql";
import { createMetrics } from "../../src/server/metrics/metrics.js";
import { deprecatedFieldsPlugin } from "../../src/server/plugins/deprecated-fields.plugin.js";
import { joinPlugins } from "../../src/server/plugins/operation-plugin.js";

const SCHEMA = buildSchema(`
  type Query { patient: Patient, oldest: Patient @deprecated(reason: "Use patient.") }
  type Patient { name: String, title: String @deprecated(reason: "Use name.") }
  enum Colour { RED @deprecated }
`);

/** The counter after some operations, as `/metrics` prints it: value by field. */
async function countAfter(...queries: readonly string[]): Promise<Record<string, number>> {
  const metrics = createMetrics();
  const apollo = new ApolloServer({
    schema: SCHEMA,
    plugins: [joinPlugins([deprecatedFieldsPlugin(SCHEMA, metrics)]).plugin],
  });
  for (const query of queries) await apollo.executeOperation({ query });
  const text = await metrics.registry.getSingleMetricAsString("graphql_deprecated_fields_total");
  const lines = [...text.matchAll(/^graphql_deprecated_fields_total\{field="([^"]+)"\} (\d+)$/gm)];
  return Object.fromEntries(lines.map(([, field, count]) => [field, Number(count)]));
}

test("each operation that selects a deprecated field is counted once for the field, however often it names it", async () => {
  expect(
    await countAfter(
      "{ patient { title again: title } }",
      "{ patient { ...Named } } fragment Named on Patient { title }",
      "{ oldest { name } }",
    ),
  ).toEqual({ "Patient.title": 2, "Query.oldest": 1 });
});

test("an operation that is sent again is counted again", async () => {
  const query = "{ patient { title } }";

  expect(await countAfter(query, query, query)).toEqual({ "Patient.title": 3 });
});

test("fields that are not deprecated, unknown fields, aliases and introspection make no label", async () => {
  expect(
    await countAfter(
      "{ patient { name } }",
      "{ patient { title: name } }",
      "{ patient { nobody } }",
      "{ patient { title }",
      "{ __schema { types { name fields(includeDeprecated: true) { name } } } }",
    ),
  ).toEqual({});
});

test("a schema without deprecated fields adds no work to a request", () => {
  const schema = buildSchema("type Query { patient: String }");

  expect(deprecatedFieldsPlugin(schema, createMetrics())).toEqual({});
});
