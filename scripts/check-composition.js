/**
 * Composes `schema.graphql` into a supergraph, as a gateway does, and prints what composition refuses.
 *
 *   npm run composition:check
 *   npm run --silent supergraph:print -- http://localhost:4000/graphql   # the supergraph, for a router
 */
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const { composeServices } = require("@theguild/federation-composition");
const { parse } = require("graphql");

const [action, url = "http://localhost:4000/graphql"] = process.argv.slice(2);
const typeDefs = parse(readFileSync(join(__dirname, "../schema.graphql"), "utf8"));
const { errors = [], supergraphSdl } = composeServices([{ name: "spine", url, typeDefs }]);
for (const error of errors) process.stderr.write(`${error.message}\n`);
if (supergraphSdl === undefined) process.exitCode = 1;
else if (action === "--print") process.stdout.write(`${supergraphSdl}\n`);
