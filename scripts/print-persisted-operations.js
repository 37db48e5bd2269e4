/**
 * Prints an Apollo persisted-query list of the operations in `.graphql` files, for PERSISTED_OPERATIONS_FILE.
 *
 *   npm run --silent operations:manifest -- test/operations my-client/operations > operations.json
 */
const { createHash } = require("node:crypto");
const { readdirSync, readFileSync } = require("node:fs");
const { join } = require("node:path");
const { parse } = require("graphql");

function toOperation(path) {
  const body = readFileSync(path, "utf8").trim();
  const definitions = parse(body).definitions.filter(({ kind }) => kind === "OperationDefinition");
  if (definitions.length !== 1) throw new Error(`${path} must contain exactly one operation`);
  const [{ name, operation }] = definitions;
  return {
    id: createHash("sha256").update(body).digest("hex"),
    name: name?.value ?? "",
    type: operation,
    body,
  };
}

const folders = process.argv.length > 2 ? process.argv.slice(2) : ["test/operations"];
const operations = folders.flatMap((folder) =>
  readdirSync(folder)
    .filter((file) => file.endsWith(".graphql"))
    .sort()
    .map((file) => toOperation(join(folder, file))),
);
const manifest = { format: "apollo-persisted-query-manifest", version: 1, operations };
process.stdout.write(`${JSON.stringify(manifest, undefined, 2)}\n`);
