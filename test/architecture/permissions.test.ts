import { type GraphQLObjectType, type GraphQLSchema, getNamedType, isObjectType, isUnionType } from "graphql";
import { argumentRules, fieldRule, REFERENCE_RULES } from "../../src/graph/permissions/field-rules.js";
import { createSubgraphSchema } from "../../src/graph/schema.js";

/** Deny by default: every field of the schema needs a decision about who may read it. */
let schema: GraphQLSchema;
let types: GraphQLObjectType[];
beforeAll(async () => {
  ({ schema } = await createSubgraphSchema());
  types = Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter(({ name }) => !name.startsWith("__"));
});

const fieldsOf = (type: GraphQLObjectType) => Object.values(type.getFields());

test("every field of every type has a permission rule", () => {
  const undecided = types.flatMap((type) =>
    fieldsOf(type)
      .filter(({ name }) => fieldRule(type.name, name) === undefined)
      .map(({ name }) => `${type.name}.${name}`),
  );

  expect(undecided).toEqual([]);
});

test("a field or type that nobody has decided about has no rule", () => {
  expect(fieldRule("Practice", "newField")).toBeUndefined();
  expect(fieldRule("NewType", "field")).toBeUndefined();
  expect(fieldRule("constructor", "name")).toBeUndefined();
  expect(fieldRule("Query", "constructor")).toBeUndefined();
});

test("only the schema's own text and the door for entities are public", () => {
  const open = types.flatMap((type) =>
    fieldsOf(type)
      .filter(({ name }) => fieldRule(type.name, name) === "public")
      .map(({ name }) => `${type.name}.${name}`),
  );

  expect(open.sort()).toEqual(["Query._entities", "Query._service", "_Service.sdl"]);
});

test("no root field is reached without a scope", () => {
  const roots = types.filter(({ name }) => ["Query", "Mutation"].includes(name));
  const unguarded = roots.flatMap((type) =>
    fieldsOf(type).filter(({ name }) => !name.startsWith("_") && !Array.isArray(fieldRule(type.name, name))),
  );

  expect(unguarded).toEqual([]);
});

test("every entity that the gateway can reach by a reference has a rule for its references", () => {
  const union = schema.getType("_Entity");
  const entities = isUnionType(union) ? union.getTypes().map(({ name }) => name) : [];

  expect(entities.sort()).toEqual(Object.keys(REFERENCE_RULES).sort());
});

test("of an entity, only the key and the time of its data need no scope of their own", () => {
  const free = types
    .filter(({ name }) => name in REFERENCE_RULES)
    .flatMap((type) =>
      fieldsOf(type)
        .filter(({ name }) => fieldRule(type.name, name) === "byParent")
        .map(({ name }) => `${type.name}.${name}`),
    );

  expect(free.sort()).toEqual([
    "Appointment.id",
    "Patient.fetchedAt",
    "Patient.nhsNumber",
    "Practice.odsCode",
  ]);
});

test("every argument path of a mutation that does more than its field has a rule of its own", () => {
  const paths: string[] = [];
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    for (const argument of field.args) {
      const type = getNamedType(argument.type);
      if (!("getFields" in type)) continue;
      for (const name of Object.keys(type.getFields())) paths.push(`${field.name} ${argument.name}.${name}`);
    }
  }
  const extra = paths.filter((path) => {
    const [field = "", argument] = path.split(" ");
    return argumentRules("Mutation", field).some((rule) => rule.path === argument);
  });

  expect(extra).toEqual(["bookAppointment input.registerIfAbsent"]);
  // A new argument needs a decision: does it do more than its mutation's scope permits?
  expect(paths.sort()).toEqual([
    "amendAppointment input.comment",
    "amendAppointment input.description",
    "amendAppointment input.id",
    "amendAppointment input.idempotencyKey",
    "amendAppointment input.version",
    "bookAppointment input.acknowledgeDiscrepancies",
    "bookAppointment input.comment",
    "bookAppointment input.description",
    "bookAppointment input.idempotencyKey",
    "bookAppointment input.nhsNumber",
    "bookAppointment input.registerIfAbsent",
    "bookAppointment input.slotIds",
    "bookAppointment input.temporaryAddress",
    "bookAppointment input.temporaryPhone",
    "bookAppointment input.verify",
    "cancelAppointment input.id",
    "cancelAppointment input.idempotencyKey",
    "cancelAppointment input.reason",
    "cancelAppointment input.version",
    "registerPatient input.nhsNumber",
    "registerPatient input.odsCode",
    "registerPatient input.temporaryAddress",
    "registerPatient input.temporaryPhone",
    "registerPatient input.verify",
  ]);
});

test("schema.graphql declares the same rules for routers", async () => {
  const { sdl } = await createSubgraphSchema();

  expect(sdl).toMatch(/endpoint: PracticeEndpoint .*@requiresScopes\(scopes: \[\["operator"\]\]\)/);
  expect(sdl).toMatch(
    /chargeableStatus: ChargeableStatus .*@requiresScopes\(scopes: \[\["chargeable-status"\]\]\)/,
  );
});
