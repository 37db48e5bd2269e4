import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { composeServices } from "@theguild/federation-composition";
import {
  type ConstDirectiveNode,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isNonNullType,
  isObjectType,
  isScalarType,
  parse,
  valueFromASTUntyped,
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

test("the subgraph composes with one that has common names of its own and pages as Relay does", async () => {
  const { sdl } = await createSubgraphSchema();
  const visits = `
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])
    type Query { visits(first: Int): VisitConnection }
    type VisitConnection { nodes: [Visit!]! pageInfo: PageInfo! }
    type PageInfo @shareable {
      hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String
    }
    type Visit { id: ID! on: Weekday within: TimeOfDay at: PostalAddress patient: Patient }
    type PostalAddress @shareable { street: String }
    type TimeOfDay { from: Int }
    enum Weekday { MON TUE }
    interface Problem { title: String! }
    type VisitProblem implements Problem { title: String! }
    type Patient @key(fields: "nhsNumber") { nhsNumber: ID! preferredLanguage: String }
  `;

  const result = composeServices([
    { name: "spine", typeDefs: parse(sdl), url: "http://localhost:4000/graphql" },
    { name: "visits", typeDefs: parse(visits), url: "http://localhost:4001/graphql" },
  ]);

  expect(result.errors ?? []).toEqual([]);
});

test("every field of an entity but its key may be null, so that it takes no other subgraph's fields with it", async () => {
  const { sdl, schema } = await createSubgraphSchema();
  const keys = [...sdl.matchAll(/^type (\w+) @key\(fields: "(\w+)"\)/gm)];
  const required = keys.flatMap(([, name = ""]) =>
    Object.values((schema.getType(name) as GraphQLObjectType).getFields())
      .filter(({ type }) => isNonNullType(type))
      .map((field) => `${name}.${field.name}`),
  );

  expect(required.sort()).toEqual(["Appointment.id", "Patient.nhsNumber", "Practice.odsCode"]);
});

test("fields for operators and for staff are tagged, so that a contract for patients can leave them out", async () => {
  const { schema } = await createSubgraphSchema();
  const tagged = Object.values(schema.getTypeMap()).flatMap((type) => [
    ...tagsOf(type.astNode).map((tag) => `${type.name} ${tag}`),
    ...(isObjectType(type)
      ? Object.values(type.getFields()).flatMap((field) =>
          tagsOf(field.astNode).map((tag) => `${type.name}.${field.name} ${tag}`),
        )
      : []),
  ]);

  expect(tagged.sort()).toEqual([
    "Mutation.registerPatient staff",
    "PatientTraceCandidate staff",
    "PatientTraceCandidates staff",
    "PatientTraceInput staff",
    "PatientTraceNoMatch staff",
    "PatientTraceResult staff",
    "PatientTraceTooManyMatches staff",
    "Practice.endpoint operator",
    "PracticeEndpoint operator",
    "Query.tracePatient staff",
  ]);
});

test("every scalar of ours says where it is specified", async () => {
  const { schema } = await createSubgraphSchema();
  const bare = ownTypes(schema).filter((type) => isScalarType(type) && !type.specifiedByURL);

  expect(
    bare.map(({ name }) => name).filter((name) => !/^_|FieldSet|Scope|Policy|Import/.test(name)),
  ).toEqual([]);
});

function tagsOf(node: { readonly directives?: readonly ConstDirectiveNode[] } | null | undefined): string[] {
  return (node?.directives ?? [])
    .filter(({ name }) => name.value === "tag")
    .map(({ arguments: args }) => String(args?.[0] && valueFromASTUntyped(args[0].value)));
}

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
    check(type.name, type.description);
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
