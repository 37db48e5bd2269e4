import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { buildSchema, type GraphQLSchema, isObjectType, parse, validate } from "graphql";
import { createSubgraphSchema } from "../../src/graph/schema.js";
import { operation } from "../support/operations.js";

const ROOT = resolve(__dirname, "..", "..");
const TEXT = readFileSync(join(ROOT, "schema.client.graphql"), "utf8");

/** "Type.field: Type" for each field of the object types that clients select. */
function fields(schema: GraphQLSchema): string[] {
  return Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter(({ name }) => !name.startsWith("_"))
    .flatMap((type) =>
      Object.values(type.getFields())
        .filter(({ name }) => !name.startsWith("_"))
        .map((field) => `${type.name}.${field.name}: ${field.type}`),
    )
    .sort();
}

test("graphql-js builds schema.client.graphql as it stands, while it refuses schema.graphql", () => {
  expect(() => buildSchema(TEXT)).not.toThrow();
  expect(() => buildSchema(readFileSync(join(ROOT, "schema.graphql"), "utf8"))).toThrow(/Unknown directive/);
});

test("schema.client.graphql has the fields of the server and nothing of federation", async () => {
  const { schema } = await createSubgraphSchema();

  expect(fields(buildSchema(TEXT))).toEqual(fields(schema));
  expect(TEXT).not.toMatch(
    /^directive|@(key|link|shareable|tag|cost|listSize|requiresScopes)\b|_entities|_service/m,
  );
  expect(TEXT).toContain("@specifiedBy");
});

test("the documented operations are valid in schema.client.graphql", () => {
  const schema = buildSchema(TEXT);

  expect(validate(schema, parse(operation("03-card")))).toEqual([]);
  expect(validate(schema, parse(operation("04-book-appointment")))).toEqual([]);
});
