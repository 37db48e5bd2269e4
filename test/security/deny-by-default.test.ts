import { buildSchema, execute, type GraphQLObjectType, parse } from "graphql";
import { SCOPES } from "../../src/domain/scope.js";
import type { GraphContext } from "../../src/graph/context.js";
import { guardSchema } from "../../src/graph/permissions/guard-schema.js";
import { testContext } from "../support/call-context.js";

/** A schema with a field and a type that nobody has given a rule. */
const SDL =
  "type Query { practice(odsCode: ID!): Practice, salaries: [Salary!] } type Practice { odsCode: ID!, turnover: Int } type Salary { amount: Int }";

async function run(query: string) {
  const schema = buildSchema(SDL);
  const resolved: string[] = [];
  for (const [type, fields] of Object.entries({ Query: ["practice", "salaries"], Practice: ["turnover"] })) {
    for (const name of fields) {
      const field = (schema.getType(type) as GraphQLObjectType).getFields()[name];
      if (field === undefined) throw new Error(name);
      field.resolve = () => {
        resolved.push(name);
        return name === "practice" ? { odsCode: "T81001" } : name === "salaries" ? [] : 7;
      };
    }
  }
  guardSchema(schema);
  const call = testContext();
  const contextValue = { call, scopes: new Set(SCOPES) } as Partial<GraphContext>;
  const { data, errors } = await execute({ schema, document: parse(query), contextValue });
  return { data: JSON.parse(JSON.stringify(data)), errors, resolved, events: call.events };
}

test("a root field without a rule is denied to a caller with every scope, unresolved, with an audit record", async () => {
  const { data, errors, resolved, events } = await run("{ salaries { amount } }");

  expect(data).toEqual({ salaries: null });
  expect(errors?.map(({ message }) => message)).toEqual(["Nobody may read this field."]);
  expect(resolved).toEqual([]);
  expect(events).toEqual([
    expect.objectContaining({ operation: "Query.salaries", outcome: "BLOCKED", gate: "G2" }),
  ]);
});

test("a field without a rule is denied, and the fields beside it stand", async () => {
  const { data, resolved } = await run('{ practice(odsCode: "T81001") { odsCode turnover } }');

  expect(data).toEqual({ practice: { odsCode: "T81001", turnover: null } });
  expect(resolved).toEqual(["practice"]);
});
