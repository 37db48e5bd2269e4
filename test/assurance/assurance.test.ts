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

test("every rule that binds the server and every hazard has a test, and every mark counts", () => {
  expect(trace(SECTIONS, HAZARDS, read).faults).toEqual([]);
});

test("a rule that loses its tests is found", () => {
  const id = "GPC-FOU-FPA-01/5";
  const proofs = read.proofs.map((proof) => ({ ...proof, ids: proof.ids.filter((each) => each !== id) }));

  expect(trace(SECTIONS, HAZARDS, { ...read, proofs }).faults).toEqual([`${id} has no test`]);
});

test("a hazard that loses its tests is found, and so is an id that no rule has", () => {
  const proofs = read.proofs.map((proof) => ({
    ...proof,
    ids: proof.ids.map((id) => (id === "HAZ-53" ? "HAZ-54" : id)),
  }));

  expect(trace(SECTIONS, HAZARDS, { ...read, proofs }).faults).toEqual(
    expect.arrayContaining(["HAZ-53 has no test", expect.stringContaining("no rule has the id HAZ-54")]),
  );
});

test("the fields that screens are pointed to are in the schema", () => {
  const fields = schemaFields();
  const named = [...RULES.flatMap((rule) => rule.fields), ...HAZARDS.flatMap(({ by }) => by)];

  expect(named.filter((name) => !name.startsWith("src/") && !fields.has(name))).toEqual([]);
});

test("the files that control a hazard exist, and each hazard names what controls it", () => {
  const files = HAZARDS.flatMap(({ by }) => by).filter((name) => name.startsWith("src/"));

  expect(files.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  expect(HAZARDS.filter(({ by }) => by.length === 0)).toEqual([]);
});

test("interactions that are said not to be used are in no client", () => {
  const interactions = readFileSync(join(ROOT, "src/upstreams/ssp/interactions.ts"), "utf8");

  for (const unused of ["read:patient", "search:practitioner", "read:organization"]) {
    expect(interactions).not.toContain(unused);
  }
  expect(interactions).toContain("search:patient-1");
});
