import { getIntrospectionQuery } from "graphql";
import { request } from "undici";
import { type RunningGraph, startGraph } from "../support/start-graph.js";

/**
 * The attacks that two public tools try, against the whole server: graphql-cop (github.com/dolevf/graphql-cop) and the
 * plugins of GraphQL Armor (github.com/Escape-Technologies/graphql-armor). The requests are our own; the comment of each
 * test names the check that it comes from.
 */

/** As in the sandbox, where everything is open. */
let open: RunningGraph;
/** With the defaults of live mode. */
let closed: RunningGraph;
beforeAll(async () => {
  open = await startGraph();
  closed = await startGraph({
    sandbox: open.sandbox,
    environment: { INTROSPECTION: "false", GET_QUERIES: "false", EXPLORER: "false" },
  });
});
afterAll(async () => {
  await closed.close();
  await open.close();
});

/** An attack that is not refused at once has succeeded, even if it is refused later. */
const SOON_MS = 2_000;

const TOO_COSTLY = { code: "BAD_USER_INPUT", reason: "QUERY_TOO_COSTLY" };

async function expectRefusedUnread(query: string, extensions: object = { code: "BAD_USER_INPUT" }) {
  const sent = open.sandbox.requests.length;
  const before = performance.now();
  const { data, errors = [] } = await open.query(query);

  expect(performance.now() - before).toBeLessThan(SOON_MS);
  expect(data ?? null).toBeNull();
  expect(errors[0]?.extensions).toMatchObject(extensions);
  expect(open.sandbox.requests).toHaveLength(sent);
  return errors;
}

async function send(graph: RunningGraph, body: string, contentType = "application/json") {
  const { statusCode, body: answer } = await request(`${graph.url}/graphql`, {
    method: "POST",
    headers: { "content-type": contentType },
    body,
  });
  return { status: statusCode, text: await answer.text() };
}

const times = (count: number, write: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => write(index)).join(" ");

describe("attacks on the time and the memory of the server", () => {
  // graphql-cop: alias overloading. GraphQL Armor: max-aliases.
  test("a document with more than a hundred aliases is refused, however little they cost", async () => {
    await expectRefusedUnread(`{ ${times(101, (index) => `alias${index}: __typename`)} }`, TOO_COSTLY);
    const allowed = await open.query(`{ ${times(100, (index) => `alias${index}: __typename`)} }`);
    expect(allowed.errors).toBeUndefined();
  });

  test("aliases in fragments and inline fragments are counted too", async () => {
    const half = (prefix: string) => times(60, (index) => `${prefix}${index}: __typename`);
    await expectRefusedUnread(
      `{ ...F ... on Query { ${half("a")} } } fragment F on Query { ${half("b")} }`,
      TOO_COSTLY,
    );
  });

  // graphql-cop: array-based query batching.
  test("a batch of operations in one request is refused", async () => {
    const { status, text } = await send(open, JSON.stringify(Array(12).fill({ query: "{ __typename }" })));

    expect(status).toBe(400);
    expect(text).not.toContain('"data"');
  });

  // graphql-cop: directive overloading. GraphQL Armor: max-directives.
  test("a field with many unknown directives has a few errors, and not one for each directive", async () => {
    const errors = await expectRefusedUnread(`{ __typename ${"@aa".repeat(500)} }`);

    expect(errors.length).toBeLessThan(10);
  });

  test("a field with many known directives is refused", async () => {
    await expectRefusedUnread(`{ __typename ${"@include(if: true) ".repeat(500)} }`);
  });

  // graphql-cop: field duplication.
  test("a field that is repeated is executed once, and one that is repeated thousands of times is refused", async () => {
    const { data, errors } = await open.query(`{ ${"__typename ".repeat(100)} }`);
    expect(errors).toBeUndefined();

    expect(data).toEqual({ __typename: "Query" });
    await expectRefusedUnread(`{ ${"__typename ".repeat(9_900)} }`);
  });

  // graphql-cop: circular fragments.
  test.each([
    ["itself", "{ ...A } fragment A on Query { ...A }"],
    ["another one that spreads it", "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }"],
  ])("a fragment that spreads %s is refused", async (_what, query) => {
    await expectRefusedUnread(query);
  });

  // graphql-cop: circular query by introspection.
  test("introspection that goes in a circle is refused, although introspection is open", async () => {
    const circle = (turns: number): string =>
      turns === 0 ? "name" : `fields { type { ${circle(turns - 1)} } }`;

    const once = await open.query(`{ __schema { types { ${circle(1)} } } }`);
    expect(once.errors).toBeUndefined();
    await expectRefusedUnread(`{ __schema { types { ${circle(5)} } } }`);
  });

  // GraphQL Armor: max-depth.
  test("an operation that is too deep is refused", async () => {
    const circle = (turns: number): string =>
      turns === 0 ? "nhsNumber" : `appointments { patient { ${circle(turns - 1)} } }`;

    const query = `{ patient(nhsNumber: "9000000009") { ${circle(7)} } }`;
    const [error] = await expectRefusedUnread(query, TOO_COSTLY);
    expect(error?.message).toContain("levels deep");
  });

  // GraphQL Armor: cost-limit.
  test("an operation that costs more than the limit is refused before any call", async () => {
    const frugal = await startGraph({ sandbox: open.sandbox, environment: { MAX_QUERY_COST: "50" } });
    const sent = open.sandbox.requests.length;
    const { errors } = await frugal.query('{ practice(odsCode: "T81001") { freeSlots { start } } }');
    await frugal.close();

    expect(errors).toEqual([
      expect.objectContaining({ message: expect.stringContaining("the limit is 50") }),
    ]);
    expect(open.sandbox.requests).toHaveLength(sent);
  });

  // GraphQL Armor: max-tokens, document-token-limit.
  test("a document with more than ten thousand tokens is refused while it is parsed", async () => {
    const codes = '"T81001" '.repeat(10_000);
    const [error] = await expectRefusedUnread(`{ practices(odsCodes: [${codes}]) { odsCode } }`);
    expect(error?.message).toMatch(/^Syntax Error: /);
  });

  // GraphQL Armor: character-limit.
  test("a document of more than a mebibyte is refused while it is received", async () => {
    const { status, text } = await send(
      open,
      JSON.stringify({ query: `{ __typename } #${"x".repeat(1024 * 1024)}` }),
    );

    expect(status).toBe(413);
    expect(text).toContain("BODY_TOO_LARGE");
  });
});

describe("attacks through a browser that is signed in elsewhere", () => {
  const MUTATION =
    'mutation { cancelAppointment(input: { id: "x", version: "1", reason: "x" }) { __typename } }';

  // graphql-cop: mutation over GET (CSRF).
  test("a mutation by GET is refused, also with the header that a script of our own may send", async () => {
    for (const headers of [{}, { "apollo-require-preflight": "1" }]) {
      const path = `/graphql?query=${encodeURIComponent(MUTATION)}`;
      const { statusCode, body } = await open.get(path, headers);
      await body.dump();

      expect([400, 405]).toContain(statusCode);
    }
  });

  // graphql-cop: query over GET.
  test("a query by GET is refused with the defaults of live mode", async () => {
    const { statusCode, body } = await closed.get("/graphql?query={__typename}", {
      "apollo-require-preflight": "1",
    });
    await body.dump();

    expect(statusCode).toBe(405);
  });

  // graphql-cop: url-encoded POST (CSRF). The other two types need no preflight either.
  test.each([
    ["application/x-www-form-urlencoded", `query=${encodeURIComponent(MUTATION)}`],
    ["text/plain", JSON.stringify({ query: MUTATION })],
    [
      "multipart/form-data; boundary=x",
      `--x\r\ncontent-disposition: form-data; name="query"\r\n\r\n${MUTATION}\r\n--x--`,
    ],
  ])("a POST as %s, which needs no preflight, is refused", async (type, body) => {
    const { status, text } = await send(open, body, type);

    expect([400, 415]).toContain(status);
    expect(text).not.toContain('"data"');
  });
});

describe("attempts to learn about the server, with the defaults of live mode", () => {
  // graphql-cop: introspection.
  test("introspection is refused", async () => {
    const { data, errors } = await closed.query(getIntrospectionQuery());

    expect(data).toBeUndefined();
    expect(errors?.[0]?.extensions.code).toBe("BAD_USER_INPUT");
  });

  // graphql-cop and GraphQL Armor: field suggestions.
  test("a misspelt field brings no suggestion", async () => {
    const { errors } = await closed.query("{ practise { odsCod } }");

    expect(JSON.stringify(errors)).not.toMatch(/did you mean|practice"/i);
  });

  // graphql-cop: GraphiQL and other consoles.
  test.each(["/", "/graphiql", "/graphql", "/playground", "/console", "/altair"])(
    "there is no console for a browser at %s",
    async (path) => {
      const { statusCode, headers, body } = await closed.get(path, { accept: "text/html" });

      expect([404, 405]).toContain(statusCode);
      expect(headers["content-type"]).not.toContain("html");
      expect(await body.text()).not.toMatch(/graphiql|playground|<html/i);
    },
  );

  // graphql-cop: trace mode.
  test("a response holds no tracing and no stack", async () => {
    for (const query of ["{ __typename }", '{ practice(odsCode: "?") { odsCode } }', "{ nothing }", "{"]) {
      const { text } = await send(closed, JSON.stringify({ query }));

      expect(text).not.toMatch(/tracing|stacktrace|exception|node_modules| at .*:\d+:\d+/i);
    }
  });

  // graphql-cop: unhandled errors. GraphQL Armor: block-field-suggestions takes the same way.
  test.each([
    ["an unterminated document", { query: "{ patient(" }],
    ["an operation that is no text", { query: { a: 1 } }],
    ["variables that are no object", { query: "{ __typename }", variables: "x" }],
    ["an unknown operation name", { query: "query A { __typename }", operationName: "B" }],
    ["extensions that are no object", { query: "{ __typename }", extensions: 7 }],
    ["a name out of an object's prototype", { query: "{ __proto__ { constructor } }" }],
    ["null", null],
  ])("%s is the caller's own fault, and no error is unhandled", async (_what, body) => {
    const { status, text } = await send(closed, JSON.stringify(body));

    expect(status).toBeLessThan(500);
    expect(text).not.toContain('"data":{');
    expect(JSON.parse(text).errors[0].extensions.code).toBe("BAD_USER_INPUT");
  });
});
