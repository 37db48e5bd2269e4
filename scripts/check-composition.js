/**
 * Composes `schema.graphql` into a supergraph, as a gateway does, and prints what composition refuses.
 *
 *   npm run composition:check
 */
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const { composeServices } = require("@theguild/federation-composition");
const { parse } = require("graphql");

const typeDefs = parse(readFileSync(join(__dirname, "../schema.graphql"), "utf8"));
const { errors = [], supergraphSdl } = composeServices([
  { name: "spine", url: "http://localhost:4000/graphql", typeDefs },
]);
for (const error of errors) process.stderr.write(`${error.message}\n`);
if (supergraphSdl === undefined) process.exitCode = 1;
