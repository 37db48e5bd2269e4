/**
 * Loaded before the server (`node --require`), it replaces the resolver of `Query.practice` by one that goes wrong in the
 * way that the ODS code names. `CHAOS_SCHEMA` is the compiled `graph/schema.js`.
 */
require("reflect-metadata");

const path = process.env.CHAOS_SCHEMA;
const real = require(path);

/** What must never reach the log. */
const SECRET = "9000000009 of MUSTERMANN";

const faults = {
  RJCT1: () => void Promise.reject(new Error(SECRET)),
  RJCT2: () => void Promise.reject(SECRET),
  THRW1: () =>
    void setImmediate(() => {
      throw new Error(SECRET);
    }),
  THRW2: () =>
    void process.nextTick(() => {
      throw SECRET;
    }),
};

const resolve = async (_source, { odsCode }) => {
  if (odsCode === "SLOW1") await new Promise((done) => setTimeout(done, 1_000));
  faults[odsCode]?.();
  return { __typename: "Practice", odsCode };
};

require.cache[path].exports = {
  ...real,
  async createSubgraphSchema() {
    const built = await real.createSubgraphSchema();
    built.schema.getQueryType().getFields().practice.resolve = resolve;
    return built;
  },
};
