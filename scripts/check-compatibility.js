/**
 * Compares `schema.graphql` with the schema of the last release, `test/schema/released.graphql`. A change that breaks a
 * client, or a subgraph that joins ours, fails unless the newest section of CHANGELOG.md quotes it in backticks.
 *
 *   npm run schema:compatibility:check
 *   node scripts/check-compatibility.js released.graphql current.graphql CHANGELOG.md
 */
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const { buildSchema, findBreakingChanges, parse, print, visit } = require("graphql");
const { toClientSchema } = require("./client-schema.js");

const ROOT = join(__dirname, "..");
const DEFAULTS = ["test/schema/released.graphql", "schema.graphql", "CHANGELOG.md"].map((path) =>
  join(ROOT, path),
);

/**
 * What graphql-js does not compare: keys, by which other subgraphs refer to our types, and scopes, which a caller must
 * hold to select a field. Returns the printed directives by schema coordinate.
 */
function readDirectives(sdl, name) {
  const found = new Map();
  let type = "";
  const read = (coordinate, node) => {
    const texts = (node.directives ?? []).filter((directive) => directive.name.value === name).map(print);
    if (texts.length > 0) found.set(coordinate, texts.sort());
  };
  visit(parse(sdl), {
    ObjectTypeDefinition(node) {
      type = node.name.value;
      read(type, node);
    },
    FieldDefinition(node) {
      read(`${type}.${node.name.value}`, node);
    },
  });
  return found;
}

/** One sentence for each breaking change from one subgraph to the next. */
function findBreaks(released, current) {
  const [before, after] = [released, current].map((sdl) => buildSchema(toClientSchema(sdl)));
  const breaks = findBreakingChanges(before, after).map(({ description }) => description);

  const keys = readDirectives(current, "key");
  for (const [coordinate, texts] of readDirectives(released, "key")) {
    for (const text of texts.filter((key) => !keys.get(coordinate)?.includes(key))) {
      breaks.push(`${coordinate} lost ${text}.`);
    }
  }
  const scopesBefore = readDirectives(released, "requiresScopes");
  for (const [coordinate, [text]] of readDirectives(current, "requiresScopes")) {
    if (hasCoordinate(before, coordinate) && scopesBefore.get(coordinate)?.[0] !== text) {
      breaks.push(`${coordinate} requires other scopes than before.`);
    }
  }
  return breaks;
}

/** Whether the schema has the type or field. A new one may require what it likes. */
function hasCoordinate(schema, coordinate) {
  const [typeName, fieldName] = coordinate.split(".");
  const type = schema.getType(typeName);
  return type !== undefined && (fieldName === undefined || fieldName in type.getFields());
}

/** The newest section of the changelog, with line breaks as spaces so that a quotation may be wrapped. */
function newestSection(changelog) {
  return (changelog.split(/^## /m)[1] ?? "").replace(/\s+/g, " ");
}

const paths = DEFAULTS.map((path, index) => process.argv[2 + index] ?? path);
const [released, current, changelog] = paths.map((path) => readFileSync(path, "utf8"));
const declared = newestSection(changelog);
const undeclared = findBreaks(released, current).filter((text) => !declared.includes(`\`${text}\``));
for (const text of undeclared) process.stderr.write(`breaking change: ${text}\n`);
if (undeclared.length > 0) {
  process.stderr.write(
    "Quote each in backticks in the newest section of CHANGELOG.md, or take the change back.\n",
  );
  process.exitCode = 1;
}
