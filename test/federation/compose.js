/**
 * Composes subgraphs with Apollo's library, in a process of its own because its packages belong to this folder only. Reads
 * `[{ name, url, sdl }]` from standard input and prints `{ supergraphSdl, errors, hints }`.
 */
const { readFileSync } = require("node:fs");
const { composeServices } = require("@apollo/composition");
const { parse } = require("graphql");

const subgraphs = JSON.parse(readFileSync(0, "utf8"));
const {
  supergraphSdl,
  errors = [],
  hints = [],
} = composeServices(subgraphs.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) })));
process.stdout.write(
  JSON.stringify({
    supergraphSdl,
    errors: errors.map(({ message }) => message),
    hints: hints.map(({ definition, message }) => ({
      code: definition.code,
      level: definition.level.name,
      message,
    })),
  }),
);
