import { request } from "undici";
import { type RunningGraph, startGraph } from "../support/start-graph.js";

/** The settings that close parts of the HTTP surface, as live mode does by default. */
let graph: RunningGraph;
beforeAll(async () => {
  graph = await startGraph({
    environment: { INTROSPECTION: "false", GET_QUERIES: "false", EXPLORER: "false", METRICS_PORT: "0" },
    built: __dirname,
  });
});
afterAll(() => graph.close());

test.each([
  ["__schema", "{ __schema { queryType { name } } }"],
  ["__type", '{ __type(name: "Patient") { name } }'],
  ["_service", "{ _service { sdl } }"],
  ["_service in a fragment", "{ ...F } fragment F on Query { s: _service { sdl } }"],
])("without INTROSPECTION, %s is refused", async (_field, query) => {
  const { data, errors } = await graph.query(query);

  expect(data).toBeUndefined();
  expect(errors?.[0]?.extensions.code).toBe("BAD_USER_INPUT");
});

test.each([
  ["a field", "{ patiant }", /Query/],
  ["an argument", '{ patient(nhsNumbr: "1") { nhsNumber } }', /patient/],
  [
    "an enum value",
    '{ practice(odsCode: "T81001") { freeSlots(filter: { weekdays: [MONDY] }) { id } } }',
    /./,
  ],
])("without INTROSPECTION, a misspelt name of %s gets no suggestion", async (_what, query, expected) => {
  const { errors = [] } = await graph.query(query);

  expect(errors[0]?.message).toMatch(expected);
  expect(JSON.stringify(errors)).not.toMatch(/Did you mean|nhsNumber"|MONDAY/);
});

test("with INTROSPECTION, a misspelt name gets a suggestion", async () => {
  const open = await startGraph();
  expect((await open.query("{ patiant }")).errors?.[0]?.message).toMatch(/Did you mean "patient"/);
  await open.close();
});

test("without GET_QUERIES, a query by GET is refused before it is read", async () => {
  const query = encodeURIComponent('{ patient(nhsNumber: "9000000009") { nhsNumber } }');
  const response = await graph.get(`/graphql?query=${query}`, { "apollo-require-preflight": "1" });

  expect(response.statusCode).toBe(405);
  expect(response.headers.allow).toBe("POST");
  expect(await response.body.json()).toMatchObject({
    errors: [{ extensions: { code: "BAD_USER_INPUT", reason: "METHOD_NOT_ALLOWED" } }],
  });
  expect(graph.sandbox.requests).toEqual([]);
});

test("without EXPLORER there is no page", async () => {
  const response = await graph.get("/");
  await response.body.dump();

  expect(response.statusCode).toBe(404);
});

test("with METRICS_PORT, metrics have a port of their own, and health is on both", async () => {
  const main = await graph.get("/metrics");
  await main.body.dump();
  expect(main.statusCode).toBe(404);

  const line = graph.logLines.find((text) => text.includes("metrics are served on a port of their own"));
  const url = `http://localhost:${JSON.parse(line ?? "{}").port}`;
  const metrics = await request(`${url}/metrics`);
  expect(await metrics.body.text()).toContain("graphql_operations_total");
  for (const base of [url, graph.url]) {
    const health = await request(`${base}/health/live`);
    expect(await health.body.json()).toEqual({ status: "ok" });
  }
  const graphql = await request(`${url}/graphql`, { method: "POST" });
  await graphql.body.dump();
  expect(graphql.statusCode).toBe(404);
});
