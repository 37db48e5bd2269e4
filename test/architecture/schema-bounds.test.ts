import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import {
  buildASTSchema,
  type GraphQLInputObjectType,
  type GraphQLObjectType,
  isUnionType,
  parse,
} from "graphql";

/** What the schema leaves out on purpose, so that nobody can ask for it. */
const TEXT = readFileSync(resolve(__dirname, "..", "..", "schema.graphql"), "utf8");
const schema = buildASTSchema(parse(TEXT), { assumeValidSDL: true });
const fieldsOf = (name: string) =>
  (schema.getType(name) as GraphQLObjectType | GraphQLInputObjectType).getFields();
const inputs = (name: string) =>
  Object.fromEntries(Object.entries(fieldsOf(name)).map(([field, { type }]) => [field, String(type)]));

// Proves GPC-APA, GPC-CPA-2, GPC-BPA-6, GPC-AMUS-MPA-3, GPC-AMUS-MPA-5.
test("an appointment is booked, amended in two texts, or cancelled with a reason, and nothing else", () => {
  expect(Object.keys(fieldsOf("Mutation"))).toEqual([
    "amendAppointment",
    "bookAppointment",
    "cancelAppointment",
    "registerPatient",
  ]);
  expect(inputs("AmendAppointmentInput")).toEqual({
    id: "ID!",
    version: "String!",
    description: "String",
    comment: "String",
    idempotencyKey: "ID",
  });
  expect(inputs("CancelAppointmentInput")).toEqual({
    id: "ID!",
    version: "String!",
    reason: "String!",
    idempotencyKey: "ID",
  });
});

// Proves GPC-BPA-6, GPC-FOU-REG-01/5, GPC-AMUS-BPA-3, GPC-AMUS-IG-3, HAZ-42.
test("a booking has no reason, no hold, and nothing that overrides a refusal", () => {
  expect(inputs("BookAppointmentInput")).toEqual({
    nhsNumber: "ID!",
    slotIds: "[ID!]!",
    description: "String!",
    comment: "String",
    verify: "PatientDetailsInput",
    idempotencyKey: "ID",
    registerIfAbsent: "Boolean",
    acknowledgeDiscrepancies: "Boolean",
    temporaryAddress: "TemporaryAddressInput",
    temporaryPhone: "String",
  });
  expect(TEXT).not.toMatch(/^\s+\w*(consent|dissent|override|breakGlass)\w*[:(]/im);
});

// Proves GPC-FOU-REG-01/7, GPC-FOU-REG-01/8, GPC-FOU-REG-01/9, GPC-FOU-REG-01/10.
test("for the time of a stay there is one address and one telephone, and no word of their use", () => {
  for (const input of ["BookAppointmentInput", "RegisterPatientInput"]) {
    expect(inputs(input)).toMatchObject({
      temporaryAddress: "TemporaryAddressInput",
      temporaryPhone: "String",
    });
  }
  expect(inputs("TemporaryAddressInput")).toEqual({ lines: "[String!]!", postalCode: "String" });
});

// Proves GPC-CORE13.
test("whatever a command answers but success has a code and words", () => {
  const unions = Object.values(schema.getTypeMap()).filter(isUnionType);
  const bare = unions
    .flatMap((union) => union.getTypes())
    .filter((member) => !member.getInterfaces().some(({ name }) => name === "SpineProblem"))
    .map(({ name }) => name);

  expect([...new Set(bare)].sort()).toEqual([
    "AppointmentAmended",
    "AppointmentBooked",
    "AppointmentCancelled",
    "Patient",
    "PatientRegistered",
    "PatientTraceCandidates",
  ]);
  expect(inputs("SpineProblem")).toEqual({ code: "String!", message: "String!", retryable: "Boolean!" });
});

// Proves GPC-SFS-1.5.
test("slots are not asked for by what a practice would ignore", () => {
  for (const field of ["freeSlots", "nextFreeSlots", "slotSearch"]) {
    const args = (fieldsOf("Practice")[field] as { args: readonly { name: string }[] }).args;
    const offered = ["from", "to", "horizonDays", "filter", "first", "serviceId"];
    expect(args.map(({ name }) => name).filter((name) => !offered.includes(name))).toEqual([]);
  }
});

// Proves HAZ-99, HAZ-51.
test("each list of appointments is of one practice, and each appointment and slot names its own", () => {
  const lists = Object.values(schema.getTypeMap()).flatMap((type) =>
    "getFields" in type
      ? Object.values(type.getFields())
          .filter((field) => /^\[Appointment!?\]/.test(String(field.type)))
          .map((field) => `${type.name}.${field.name}`)
      : [],
  );

  expect(lists.sort()).toEqual(["AppointmentSearch.appointments", "Patient.appointments"]);
  expect(fieldsOf("AppointmentSearch")).toHaveProperty("practice");
  expect(fieldsOf("Patient").appointments).toMatchObject({
    args: expect.arrayContaining([named("odsCode")]),
  });
  expect(fieldsOf("Patient").appointments?.description).toContain("Says nothing of other practices");
  for (const type of ["Appointment", "Slot"]) expect(fieldsOf(type)).toHaveProperty("practice");
});

// Proves GPC-STR-TST-GEN-10.
test("it is said that what the caller's own records say of a death is the caller's to check", () => {
  expect(fieldsOf("Patient").deceased?.description).toContain("your own records");
});

// Proves HAZ-FREE-TEXT, HAZ-49.
test("free texts are said to be administrative, and a booking not to be an attendance", () => {
  for (const input of ["BookAppointmentInput", "AmendAppointmentInput"]) {
    for (const field of ["description", "comment"]) {
      expect(fieldsOf(input)[field]?.description).toContain("Administrative, not clinical");
    }
  }
  expect(schema.getType("Appointment")?.description).toContain("does not say that anybody attended");
});

function named(name: string): unknown {
  return expect.objectContaining({ name });
}
