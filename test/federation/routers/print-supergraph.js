/** Prints the supergraph of this server and the example subgraph, as Guild's library composes it. */
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const { composeServices } = require("@theguild/federation-composition");
const { parse } = require("graphql");
const { SDL } = require("../../../examples/supergraph/care-plans.js");

const SCHEMA = readFileSync(join(__dirname, "../../../schema.graphql"), "utf8");
const { supergraphSdl, errors } = composeServices([
  { name: "spine", url: "http://localhost:4000/graphql", typeDefs: parse(SCHEMA) },
  { name: "care-plans", url: "http://localhost:4001/graphql", typeDefs: parse(SDL) },
]);
if (supergraphSdl === undefined) {
  for (const { message } of errors ?? []) process.stderr.write(`${message}\n`);
  process.exitCode = 1;
} else {
  process.stdout.write(`${supergraphSdl}\n`);
}
