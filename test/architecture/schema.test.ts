import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { composeServices } from "@theguild/federation-composition";
import {
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  parse,
} from "graphql";
import { createSubgraphSchema } from "../../src/graph/schema.js";

const ROOT = resolve(__dirname, "..", "..");

test("schema.graphql is what the classes say: run npm run schema:print", async () => {
  const { sdl } = await createSubgraphSchema();

  expect(readFileSync(join(ROOT, "schema.graphql"), "utf8")).toBe(sdl);
});

test("every type, field, argument and enum value is described", async () => {
  const { schema } = await createSubgraphSchema();

  expect(undescribed(schema)).toEqual([]);
});

test("no required input field has a default, which compiled execution would refuse in a variable", async () => {
  const { schema } = await createSubgraphSchema();
  const faults = ownTypes(schema)
    .filter(isInputObjectType)
    .flatMap((type) =>
      Object.values(type.getFields())
        .filter((field) => String(field.type).endsWith("!") && field.defaultValue !== undefined)
        .map((field) => `${type.name}.${field.name}`),
    );

  expect(faults).toEqual([]);
});

test("the subgraph composes with one that joins patients and practices by their keys", async () => {
  const { sdl } = await createSubgraphSchema();
  const wards = `
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
    type Query { ward(id: ID!): Ward }
    type Ward @key(fields: "id") { id: ID! patients: [Patient!]! referredBy: Practice }
    type Patient @key(fields: "nhsNumber") { nhsNumber: ID! bed: String }
    type Practice @key(fields: "odsCode") { odsCode: ID! }
  `;

  const result = composeServices([
    { name: "spine", typeDefs: parse(sdl), url: "http://localhost:4000/graphql" },
    { name: "wards", typeDefs: parse(wards), url: "http://localhost:4001/graphql" },
  ]);

  expect(result.errors ?? []).toEqual([]);
  expect(result.supergraphSdl).toContain("type Patient");
});

function ownTypes(schema: GraphQLSchema): GraphQLNamedType[] {
  return Object.values(schema.getTypeMap()).filter(
    ({ name }) =>
      !/^(__|_Service$|_Entity$|_Any$|link__|federation__|String$|Int$|ID$|Boolean$|Float$)/.test(name),
  );
}

function undescribed(schema: GraphQLSchema): string[] {
  const faults: string[] = [];
  const check = (name: string, description: string | null | undefined) => {
    if (!description?.trim()) faults.push(name);
  };
  for (const type of ownTypes(schema)) {
    if (!["Query", "Mutation"].includes(type.name)) check(type.name, type.description);
    if (isEnumType(type))
      for (const value of type.getValues()) check(`${type.name}.${value.name}`, value.description);
    if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      if (field.name.startsWith("_")) continue;
      check(`${type.name}.${field.name}`, field.description);
      if ("args" in field)
        for (const arg of field.args) check(`${type.name}.${field.name}(${arg.name})`, arg.description);
    }
  }
  return faults;
}
