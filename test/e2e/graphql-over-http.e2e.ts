import { serverAudits } from "graphql-http";
import { type RunningGraph, startGraph } from "../support/start-graph.js";

/** The audits of the GraphQL-over-HTTP specification, each as a test. */
let graph: RunningGraph;
beforeAll(async () => {
  graph = await startGraph();
});
afterAll(() => graph.close());

const audits = serverAudits({ url: () => `${graph.url}/graphql`, fetchFn: withPreflight });

test.each(audits.map((audit) => [audit.name, audit] as const))(
  "GraphQL over HTTP: the server %s",
  async (_name, audit) => {
    const { status } = await audit.fn();

    expect(status).toBe("ok");
  },
);

/** Queries by GET need a header that browsers do not send unasked. */
function withPreflight(url: string, init: RequestInit = {}): Promise<Response> {
  return fetch(url, { ...init, headers: { ...init.headers, "apollo-require-preflight": "1" } });
}
