/**
 * Loads responses into the caches of Apollo Client and urql, without a network, and prints what they keep as JSON. A process
 * of its own, because these packages belong to this folder only.
 *
 * Reads `{ query, variables, results }` from standard input: one result for each of the variables.
 */
import { readFileSync } from "node:fs";
import { InMemoryCache } from "@apollo/client/cache/index.js";
import { Client, cacheExchange, fetchExchange } from "@urql/core";
import { parse } from "graphql";

const { query, variables, results } = JSON.parse(readFileSync(0, "utf8"));

/** The policies that docs/clients.md gives. */
const typePolicies = {
  Patient: { keyFields: ["nhsNumber"] },
  Practice: { keyFields: ["odsCode"] },
};

function readThroughApollo() {
  const cache = new InMemoryCache({ typePolicies });
  const document = parse(query);
  results.forEach((data, index) => {
    cache.writeQuery({ query: document, variables: variables[index], data });
  });
  return {
    keys: Object.keys(cache.extract()).sort(),
    read: variables.map((one) => cache.readQuery({ query: document, variables: one })),
  };
}

/** urql's document cache, over a fetch that gives the results in order. */
async function readThroughUrql() {
  let sent = 0;
  const client = new Client({
    url: "http://graph.example/graphql",
    exchanges: [cacheExchange, fetchExchange],
    preferGetMethod: false,
    fetch: async () => {
      const data = results[sent];
      sent += 1;
      return new Response(JSON.stringify({ data }), { headers: { "content-type": "application/json" } });
    },
  });
  const read = [];
  for (const one of [...variables, ...variables]) read.push(await client.query(query, one).toPromise());
  return { sent, read: read.map(({ data, error }) => ({ data, error: error?.message })) };
}

process.stdout.write(JSON.stringify({ apollo: readThroughApollo(), urql: await readThroughUrql() }));
