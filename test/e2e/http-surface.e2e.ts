import { request } from "undici";
import { type RunningGraph, startGraph } from "../support/start-graph.js";

/** Paths, headers and refusals of the HTTP surface (design section 3). */
let graph: RunningGraph;
beforeAll(async () => {
  graph = await startGraph();
});
afterAll(() => graph.close());

const UUID = "5a4b8f6e-1f7f-4e43-9f37-0d7c1b1d9a01";

test.each([UUID, UUID.toUpperCase(), "0af7651916cd43dd8448eb211c80319c"])(
  "the correlation id %s is kept",
  async (id) => {
    const answer = await graph.get("/health/live", { "x-correlation-id": id });
    await answer.body.dump();

    expect(answer.headers["x-correlation-id"]).toBe(id);
  },
);

const post = (body: string, headers: Record<string, string> = { "content-type": "application/json" }) =>
  request(`${graph.url}/graphql`, { method: "POST", headers, body });

test("liveness and readiness respond without an upstream call", async () => {
  const asked = graph.sandbox.requests.length;

  const live = await graph.get("/health/live");
  const ready = await graph.get("/health/ready");

  expect([live.statusCode, ready.statusCode]).toEqual([200, 200]);
  await live.body.dump();
  expect(await ready.body.json()).toEqual({
    status: "ok",
    upstreams: {
      PDS: expect.any(String),
      SDS: expect.any(String),
      SSP: expect.any(String),
      VM: expect.any(String),
    },
    store: "up",
    // The sandbox is on this machine. Against real services there are no addresses here.
    sandbox: graph.sandbox.urls,
  });
  expect(graph.sandbox.requests).toHaveLength(asked);
});

// Proves HAZ-43.
test("readiness shows the last observed status of each upstream", async () => {
  const other = await startGraph();
  const upstreams = async () =>
    ((await (await other.get("/health/ready")).body.json()) as { upstreams: object }).upstreams;

  expect(await upstreams()).toEqual({ PDS: "unknown", SDS: "unknown", SSP: "unknown", VM: "unknown" });
  await other.query('{ patient(nhsNumber: "9000000009") { nhsNumber } }');
  expect(await upstreams()).toMatchObject({ PDS: "up", SDS: "unknown" });
  await other.close();
});

test("metrics count calls and operations and contain no NHS number", async () => {
  await graph.query('{ patient(nhsNumber: "9000000009") { nhsNumber } }');

  const answer = await graph.get("/metrics");
  const text = await answer.body.text();

  expect(answer.headers["content-type"]).toMatch(/^text\/plain/);
  expect(text).toMatch(
    /spine_upstream_call_duration_seconds_count\{service="PDS",interaction="Patient.read",outcome="OK"\} \d+/,
  );
  expect(text).toMatch(/graphql_operations_total\{type="query",outcome="ok"\} \d+/);
  expect(text).not.toContain("9000000009");
});

test("a query by GET needs a preflight header", async () => {
  const path = `/graphql?query=${encodeURIComponent('{ practice(odsCode: "t81001") { odsCode } }')}`;

  const refused = await graph.get(path);
  const allowed = await graph.get(path, { "apollo-require-preflight": "1" });

  expect(refused.statusCode).toBe(400);
  await refused.body.dump();
  expect(await allowed.body.json()).toEqual({ data: { practice: { odsCode: "T81001" } } });
});

test("a text/plain post, which browsers send to other origins without a preflight, is refused", async () => {
  const answer = await post('{"query":"{ __typename }"}', { "content-type": "text/plain" });

  expect(answer.statusCode).toBe(400);
  await answer.body.dump();
});

test.each([
  ["https://studio.apollographql.com", true],
  ["https://sandbox.embed.apollographql.com", true],
  ["https://elsewhere.example", false],
])("CORS admits a page from %s: %s", async (origin, admitted) => {
  const answer = await request(`${graph.url}/graphql`, {
    method: "OPTIONS",
    headers: {
      origin,
      "access-control-request-method": "POST",
      "access-control-request-headers":
        "content-type,spine-session,spine-trace,x-correlation-id,authorization",
    },
  });
  await answer.body.dump();

  expect(answer.headers["access-control-allow-origin"]).toBe(admitted ? origin : undefined);
  const allowed = String(answer.headers["access-control-allow-headers"] ?? "").toLowerCase();
  if (admitted) {
    for (const name of ["spine-session", "spine-trace", "x-correlation-id", "authorization"]) {
      expect(allowed).toContain(name);
    }
  }
});

test("introspection is available in the sandbox", async () => {
  const answer = await graph.query<{ __schema: { queryType: { name: string } } }>(
    "{ __schema { queryType { name } } }",
  );

  expect(answer.data.__schema.queryType.name).toBe("Query");
});

test("the subgraph returns its SDL with its keys", async () => {
  const answer = await graph.query<{ _service: { sdl: string } }>("{ _service { sdl } }");

  expect(answer.data._service.sdl).toContain('@key(fields: "nhsNumber")');
});

// Proves GPC-CORE13.
describe("errors", () => {
  test.each([
    ["a document that cannot be parsed", "{ patient(", undefined],
    ["a field that does not exist", "{ nothing }", undefined],
    [
      "an argument of the wrong type",
      '{ practice(odsCode: "T81001") { freeSlots(from: "tomorrow") { start } } }',
      undefined,
    ],
  ])("%s gives BAD_USER_INPUT", async (_case, query, variables) => {
    const answer = await graph.query(query, variables);

    expect(answer.errors?.[0]?.extensions).toMatchObject({
      code: "BAD_USER_INPUT",
      correlationId: expect.any(String),
    });
  });

  test("a variable of the wrong type gives BAD_USER_INPUT with the argument's name", async () => {
    const answer = await graph.query(
      "query ($nhsNumber: ID!) { patient(nhsNumber: $nhsNumber) { nhsNumber } }",
      {
        nhsNumber: { nested: 9000000009 },
      },
    );

    expect(answer.errors?.[0]?.extensions).toMatchObject({ code: "BAD_USER_INPUT", field: "nhsNumber" });
    expect(JSON.stringify(answer)).not.toContain("9000000009");
  });

  test.each([
    ["of a document", '{"query":"{ nothing }"}', "application/json"],
    ["of a resolver", '{"query":"{ practice(odsCode: \\"?\\") { odsCode } }"}', "application/json"],
    ["in place of an operation", '{"variables":{}}', "application/json"],
    ["of a body that a browser may send unasked", '{"query":"{ __typename }"}', "text/plain"],
  ])("a caller's correlation id is kept in the header and in an error %s", async (_of, body, type) => {
    const answer = await post(body, { "content-type": type, "x-correlation-id": UUID });
    const text = await answer.body.text();

    expect(answer.headers["x-correlation-id"]).toBe(UUID);
    expect(answer.headers["content-length"]).toBe(String(Buffer.byteLength(text)));
    expect(JSON.parse(text)).toMatchObject({
      errors: [{ extensions: { code: "BAD_USER_INPUT", correlationId: UUID } }],
    });
  });

  test.each([
    "9990000018",
    "a.b.c.d.e.f",
    "short",
    "x".repeat(65),
    "Rosalind-Ashcombe",
    `${UUID}\u00e9`,
    "0af7651916cd43dd8448eb211c80319c0",
    "aaaaaaaa-aaaa-4aaa-8aaa-a9990000018b",
    "aaaaaaaaaaa9990000018bbbbbbbbbbb",
  ])("an unsafe correlation id is replaced: %s", async (given) => {
    const answer = await post('{"query":"{ __typename }"}', {
      "content-type": "application/json",
      "x-correlation-id": given,
    });
    await answer.body.dump();

    expect(answer.headers["x-correlation-id"]).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });
});
