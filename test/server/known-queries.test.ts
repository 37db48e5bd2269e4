import { ApolloServer } from "@apollo/server";
import { request } from "undici";
import { type RunningGraph, startGraph } from "../support/start-graph.js";

const PATIENT = "9000000009";
const ID = "0b1c2d3e-0000-4000-8000-00000000000f";

const NAMED = `query One($nhsNumber: ID!, $wide: Boolean = false) {
  patient(nhsNumber: $nhsNumber) { nhsNumber name { display } gender @include(if: $wide) }
}`;
const TWO = `${NAMED} query Two($nhsNumber: ID!) { patient(nhsNumber: $nhsNumber) { dateOfBirth } }`;
const PRACTICES =
  "query Practices($odsCodes: [ID!]!, $days: Int) { practices(odsCodes: $odsCodes) { odsCode nextFreeSlots(horizonDays: $days) { start } } }";
const COMMAND = `mutation { cancelAppointment(input: { appointmentId: "x", reason: "y", idempotencyKey: "12345678" }) { __typename } }`;
const INTROSPECTION = "{ __schema { queryType { name } } }";

const variables = { nhsNumber: PATIENT };
const ordinary = { query: NAMED, variables };

interface Sent {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: "GET" | "POST";
  readonly path?: string;
}

/** Requests that are executed without the server library once their query is known. */
const STRAIGHT: readonly (readonly [string, Sent])[] = [
  ["an ordinary request", { body: ordinary }],
  ["one with its call log", { body: ordinary, headers: { "spine-trace": "1" } }],
  ["one with a session", { body: ordinary, headers: { "spine-session": "s-1" } }],
  ["one with a charset", { body: ordinary, headers: { "content-type": "application/json; charset=utf-8" } }],
  [
    "one that accepts both media types",
    { body: ordinary, headers: { accept: "application/graphql-response+json, application/json;q=0.9" } },
  ],
  ["one that accepts anything", { body: ordinary, headers: { accept: "*/*" } }],
  ["one with another selection", { body: { query: NAMED, variables: { ...variables, wide: true } } }],
  ["one with empty extensions", { body: { ...ordinary, extensions: { client: "a" } } }],
  ["one with an unknown member", { body: { ...ordinary, id: 1 } }],
  ["one that names its operation", { body: { query: TWO, variables, operationName: "Two" } }],
  ["one for a malformed NHS number", { body: { query: NAMED, variables: { nhsNumber: "123" } } }],
  ["one for nobody", { body: { query: NAMED, variables: { nhsNumber: "9990000018" } } }],
];

/** Requests that the server library handles, although it knows the query. */
const PASSED_ON: readonly (readonly [string, Sent])[] = [
  ["a missing variable", { body: { query: NAMED } }],
  ["a variable of another type", { body: { query: NAMED, variables: { nhsNumber: { a: 1 } } } }],
  ["variables as a text", { body: { query: NAMED, variables: JSON.stringify(variables) } }],
  ["variables as a list", { body: { query: NAMED, variables: [variables] } }],
  ["no operation name where there are two operations", { body: { query: TWO, variables } }],
  ["an unknown operation name", { body: { query: TWO, variables, operationName: "Three" } }],
  ["an empty operation name", { body: { ...ordinary, operationName: "" } }],
  ["an operation name that is a number", { body: { ...ordinary, operationName: 1 } }],
  ["extensions as a text", { body: { ...ordinary, extensions: "{}" } }],
  [
    "a persisted query",
    { body: { ...ordinary, extensions: { persistedQuery: { version: 1, sha256Hash: "0" } } } },
  ],
  ["several operations in a list", { body: [ordinary, ordinary] }],
  ["a request for the price", { body: ordinary, headers: { "spine-cost-only": "1" } }],
  ["a response type that is not served", { body: ordinary, headers: { accept: "text/html" } }],
  [
    "a price over the limit",
    {
      body: {
        query: PRACTICES,
        variables: {
          odsCodes: Array.from({ length: 200 }, (_, index) => `A${10000 + index}`),
          days: 182,
        },
      },
    },
  ],
  ["a command", { body: { query: COMMAND } }],
  ["introspection", { body: { query: INTROSPECTION } }],
  [
    "text/plain, which a page of another origin may send",
    { body: ordinary, headers: { "content-type": "text/plain" } },
  ],
  ["GET", { method: "GET", path: `?query=${encodeURIComponent("{ __typename }")}` }],
];

const library = jest.spyOn(ApolloServer.prototype, "executeHTTPGraphQLRequest");

let graph: RunningGraph;
/** The same server, with the library's execution of everything. */
let reference: RunningGraph;

beforeAll(async () => {
  graph = await startGraph({ environment: { COMPILED_EXECUTION: "true", MAX_QUERY_COST: "100000" } });
  reference = await startGraph({ environment: { COMPILED_EXECUTION: "false", MAX_QUERY_COST: "100000" } });
  for (const { url } of [graph, reference]) {
    for (const body of [ordinary, { query: TWO, variables, operationName: "Two" }]) await send(url, { body });
    await send(url, { body: { query: PRACTICES, variables: { odsCodes: [] } } });
  }
});

afterAll(async () => {
  library.mockRestore();
  await graph.close();
  await reference.close();
});

beforeEach(() => {
  library.mockClear();
  for (const { auditLines, logLines } of [graph, reference]) {
    auditLines.length = 0;
    logLines.length = 0;
  }
});

/** What the client sees, less what differs from one response to the next. */
async function send(url: string, { body, headers, method = "POST", path = "" }: Sent) {
  const response = await request(`${url}/graphql${path}`, {
    method,
    headers: {
      ...(method === "POST" && { "content-type": "application/json" }),
      "x-correlation-id": ID,
      ...headers,
    },
    body: method === "POST" ? JSON.stringify(body) : null,
  });
  const { date: _date, ...kept } = response.headers;
  const text = (await response.body.text()).replaceAll(/"(startedMs|durationMs)":\d+/g, '"$1":0');
  return { status: response.statusCode, headers: { ...kept, "content-length": undefined }, text };
}

/** Audit and log, less what differs from one process to the next. */
function recordsOf({ auditLines, logLines }: RunningGraph) {
  const audit = auditLines.map((line) => {
    const { operation, outcome, gate, reason, interaction } = JSON.parse(line);
    return { operation, outcome, gate, reason, interaction };
  });
  const log = logLines.map((line) => {
    const { time: _time, durationMs: _ms, ...rest } = JSON.parse(line);
    return rest;
  });
  return { audit, log };
}

test.each(STRAIGHT)(
  "%s for a known query gets the response of the server library, without it",
  async (_title, sent) => {
    const [own, expected] = [await send(graph.url, sent), await send(reference.url, sent)];

    expect(library).toHaveBeenCalledTimes(1);
    expect(own).toEqual(expected);
    expect(recordsOf(graph)).toEqual(recordsOf(reference));
  },
);

test.each(PASSED_ON)(
  "with %s the server library responds, although the query is known",
  async (_title, sent) => {
    const before = library.mock.calls.length;
    const own = await send(graph.url, sent);
    const passedOn = library.mock.calls.length - before;
    const expected = await send(reference.url, sent);

    expect(passedOn).toBe(own.status === 415 ? 0 : 1);
    expect(own).toEqual(expected);
    expect(recordsOf(graph)).toEqual(recordsOf(reference));
  },
);

test("with a malformed Host header a known query is refused as any other", async () => {
  const sent = { body: ordinary, headers: { host: "a b[" } };
  const own = await send(graph.url, sent);

  expect(own.status).toBeGreaterThanOrEqual(400);
  expect(own).toEqual(await send(reference.url, sent));
});

test("a query that failed validation is not known the second time", async () => {
  const body = { query: "{ nothing }" };
  const first = await send(graph.url, { body });

  expect(await send(graph.url, { body })).toEqual(first);
  expect(library).toHaveBeenCalledTimes(2);
});
