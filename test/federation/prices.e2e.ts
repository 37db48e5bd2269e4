import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { getOperationAST, parse } from "graphql";
import { priceOperation } from "../../src/graph/cost/require-affordable.js";
import { createSubgraphSchema } from "../../src/graph/schema.js";
import { describeNeeding } from "../support/needs.js";
import { type Supergraph, startSupergraph } from "./support/supergraph.js";

// A gateway needs a few seconds to start, more on a busy machine.
jest.setTimeout(120_000);

const DIRECTORY = join(__dirname, "..", "operations");
const QUERIES = readdirSync(DIRECTORY)
  .filter((name) => name.endsWith(".graphql"))
  .map((name) => ({
    name,
    text: readFileSync(join(DIRECTORY, name), "utf8"),
    variables: JSON.parse(readFileSync(join(DIRECTORY, name.replace(/graphql$/, "variables.json")), "utf8")),
  }))
  .filter(({ text }) => /^query /m.test(text));

/** Our price and the gateway's, as `docs/federation.md` gives them. */
function documentedPrices(name: string): number[] {
  const page = readFileSync(join(__dirname, "../../docs/federation.md"), "utf8");
  const [, ours, theirs] =
    new RegExp(`\`${name.replace(/\.graphql$/, "")}\`\\s+(\\d+), (\\d+)`).exec(page) ?? [];
  return [Number(ours), Number(theirs)];
}

describeNeeding("gateways", "the price of an operation by @cost and @listSize", () => {
  let supergraph: Supergraph;
  beforeAll(async () => {
    supergraph = await startSupergraph("hive", { prices: true });
  });
  afterAll(() => supergraph.close());

  test.each(QUERIES)(
    "of $name is about the same for Hive Gateway as for us",
    async ({ name, text, variables }) => {
      const document = parse(text);
      const operation = getOperationAST(document);
      if (!operation) throw new Error("a file has one operation");
      const { schema } = await createSubgraphSchema();
      const now = supergraph.graph.clock.now();

      const ours = priceOperation(schema, { document, operation, variables, now }).cost;
      const { extensions = {} } = await supergraph.gateway.query(text, variables);
      const { estimated: theirs } = extensions.cost as { estimated: number };

      // The gateway does not know that the price of a search for slots depends on its arguments.
      const lowest = /slots?(Search)?\b/i.test(text) ? 0.15 : 0.98;
      expect(documentedPrices(name)).toEqual([Math.round(ours), Math.round(theirs)]);
      expect(theirs / ours).toBeGreaterThan(lowest);
      expect(theirs / ours).toBeLessThan(1.02);
    },
  );
});
