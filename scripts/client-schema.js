/**
 * Prints `schema.client.graphql`: `schema.graphql` without federation, for client tools. Many of them refuse directives
 * that the text does not define, such as `@key` and `@link`.
 *
 *   npm run schema:client:print
 *   npm run schema:client:check    only says whether the file is fresh
 */
const { readFileSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const { parse, print, visit } = require("graphql");

const ROOT = join(__dirname, "..");

/** Directives of the GraphQL specification. Every client tool knows them. */
const KEPT = new Set(["deprecated", "oneOf", "specifiedBy"]);

/** The text of a subgraph without what only gateways read. */
function toClientSchema(sdl) {
  const document = visit(parse(sdl), {
    Directive: (node) => (KEPT.has(node.name.value) ? undefined : null),
    DirectiveDefinition: () => null,
    SchemaExtension: () => null,
  });
  return `${print(document)}\n`;
}

function main() {
  const path = join(ROOT, "schema.client.graphql");
  const text = toClientSchema(readFileSync(join(ROOT, "schema.graphql"), "utf8"));
  if (!process.argv.includes("--check")) {
    writeFileSync(path, text);
  } else if (readFileSync(path, "utf8") !== text) {
    process.stderr.write("schema.client.graphql is stale: run npm run schema:client:print\n");
    process.exitCode = 1;
  }
}

if (require.main === module) main();

module.exports = { toClientSchema };
