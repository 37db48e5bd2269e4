import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Kind, parse } from "graphql";
import { readAllProofs } from "./read-proofs.js";
import { HAZARDS, RULES, SECTIONS } from "./register.js";
import { trace } from "./trace.js";

const ROOT = resolve(__dirname, "..", "..");
const read = readAllProofs(join(ROOT, "test"));

/** `Type.field` of everything in the schema. */
function schemaFields(): Set<string> {
  const { definitions } = parse(readFileSync(join(ROOT, "schema.graphql"), "utf8"));
  const names = definitions.flatMap((definition) =>
    definition.kind === Kind.OBJECT_TYPE_DEFINITION ||
    definition.kind === Kind.INTERFACE_TYPE_DEFINITION ||
    definition.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION
      ? (definition.fields ?? []).map(({ name }) => `${definition.name.value}.${name.value}`)
      : [],
  );
  return new Set(names);
}

test("every rule that binds the server and every hazard has a test, and every proof comment is valid", () => {
  expect(trace(SECTIONS, HAZARDS, read).faults).toEqual([]);
});

test("a rule without a test is reported", () => {
  const id = "GPC-FOU-FPA-01/5";
  const proofs = read.proofs.map((proof) => ({ ...proof, ids: proof.ids.filter((each) => each !== id) }));

  expect(trace(SECTIONS, HAZARDS, { ...read, proofs }).faults).toEqual([`${id} has no test`]);
});

test("a hazard without a test, and an unknown id, are reported", () => {
  const proofs = read.proofs.map((proof) => ({
    ...proof,
    ids: proof.ids.map((id) => (id === "HAZ-53" ? "HAZ-54" : id)),
  }));

  expect(trace(SECTIONS, HAZARDS, { ...read, proofs }).faults).toEqual(
    expect.arrayContaining(["HAZ-53 has no test", expect.stringContaining("no rule has the id HAZ-54")]),
  );
});

test("every field that a display rule names is in the schema", () => {
  const fields = schemaFields();
  const named = [...RULES.flatMap((rule) => rule.fields), ...HAZARDS.flatMap(({ by }) => by)];

  expect(named.filter((name) => !name.startsWith("src/") && !fields.has(name))).toEqual([]);
});

test("every hazard names a control, and the named files exist", () => {
  const files = HAZARDS.flatMap(({ by }) => by).filter((name) => name.startsWith("src/"));

  expect(files.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  expect(HAZARDS.filter(({ by }) => by.length === 0)).toEqual([]);
});

test("no client uses an interaction that the register calls unused", () => {
  const interactions = readFileSync(join(ROOT, "src/upstreams/ssp/interactions.ts"), "utf8");

  for (const unused of ["read:patient", "search:practitioner", "read:organization"]) {
    expect(interactions).not.toContain(unused);
  }
  expect(interactions).toContain("search:patient-1");
});
