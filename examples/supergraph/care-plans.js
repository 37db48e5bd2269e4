/** Another team's subgraph: it adds care plans to patients and parking to practices, which spine-graph knows nothing of. */
const { ApolloServer } = require("@apollo/server");
const { ApolloServerPluginInlineTraceDisabled } = require("@apollo/server/plugin/disabled");
const { startStandaloneServer } = require("@apollo/server/standalone");
const { buildSubgraphSchema } = require("@apollo/subgraph");
const { parse } = require("graphql");

const SDL = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  type Query { carePlans: [CarePlan!]! }
  type CarePlan { title: String!  patient: Patient! }
  type Patient @key(fields: "nhsNumber") { nhsNumber: ID!  carePlans: [CarePlan!] }
  type Practice @key(fields: "odsCode") { odsCode: ID!  parking: String }
`;

const PLANS = [
  { title: "Blood pressure", patient: { nhsNumber: "9000000009" } },
  { title: "Asthma", patient: { nhsNumber: "9990000018" } },
];

const resolvers = {
  Query: { carePlans: () => PLANS },
  Patient: {
    // Both parents and references have the key, so that the key is all that the fields below need.
    __resolveReference: ({ nhsNumber }) => ({ nhsNumber }),
    carePlans: ({ nhsNumber }) => PLANS.filter(({ patient }) => patient.nhsNumber === nhsNumber),
  },
  Practice: {
    __resolveReference: ({ odsCode }) => ({ odsCode }),
    parking: ({ odsCode }) => (odsCode === "T81001" ? "Twelve spaces behind the surgery" : null),
  },
};

/** Starts the subgraph and resolves to its address. Port 0 takes any free one. */
async function startCarePlans(port) {
  const schema = buildSubgraphSchema([{ typeDefs: parse(SDL), resolvers }]);
  const { url } = await startStandaloneServer(
    new ApolloServer({ schema, plugins: [ApolloServerPluginInlineTraceDisabled()] }),
    {
      listen: { host: "127.0.0.1", port },
    },
  );
  return new URL("/graphql", url).href;
}

module.exports = { SDL, startCarePlans };
