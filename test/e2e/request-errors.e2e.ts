import { once } from "node:events";
import { connect } from "node:net";
import { brotliCompressSync, constants, deflateSync, gzipSync } from "node:zlib";
import { request } from "undici";
import { type RunningGraph, startGraph } from "../support/start-graph.js";

/** Requests that fail before GraphQL sees them get errors in the form of GraphQL errors. */
let graph: RunningGraph;
beforeAll(async () => {
  graph = await startGraph();
});
afterAll(() => graph.close());

const QUERY = '{"query":"{ practice(odsCode: \\"T81001\\") { odsCode } }"}';
const DATA = { data: { practice: { odsCode: "T81001" } } };
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const MIB = 1024 * 1024;
const ZEROS = Buffer.alloc(64 * MIB);
const GZIP_BOMB = gzipSync(ZEROS, { level: 1 });
const BROTLI_BOMB = brotliCompressSync(ZEROS, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } });

async function post(body: string | Buffer, headers: Record<string, string> = {}) {
  const response = await request(`${graph.url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body,
  });
  return { status: response.statusCode, headers: response.headers, body: await response.body.json() };
}

const errorForm = (code: string, reason: string) => ({
  errors: [
    {
      message: expect.any(String),
      extensions: { code, reason, correlationId: expect.stringMatching(UUID) },
    },
  ],
});

test.each<[string, string | Buffer, Record<string, string>, number, string]>([
  ["malformed JSON", '{"query": Smith 9000000009', {}, 400, "INVALID_JSON"],
  ["a prototype in the JSON", '{"query":"{ __typename }","__proto__":{"a":1}}', {}, 400, "INVALID_JSON"],
  ["no body", "", {}, 400, "INVALID_JSON"],
  ["a body over the limit", `{"query":"${"x".repeat(MIB)}"}`, {}, 413, "BODY_TOO_LARGE"],
  [
    "a form",
    "query=x",
    { "content-type": "application/x-www-form-urlencoded" },
    415,
    "UNSUPPORTED_MEDIA_TYPE",
  ],
  ["XML", "<q/>", { "content-type": "application/xml" }, 415, "UNSUPPORTED_MEDIA_TYPE"],
  ["an unknown content encoding", QUERY, { "content-encoding": "zstd" }, 415, "UNSUPPORTED_CONTENT_ENCODING"],
  ["two content encodings", QUERY, { "content-encoding": "gzip, br" }, 415, "UNSUPPORTED_CONTENT_ENCODING"],
  [
    "an object member as encoding",
    QUERY,
    { "content-encoding": "constructor" },
    415,
    "UNSUPPORTED_CONTENT_ENCODING",
  ],
  ["text that claims to be gzip", QUERY, { "content-encoding": "gzip" }, 400, "MALFORMED_REQUEST"],
  [
    "a cut gzip body",
    gzipSync(QUERY).subarray(0, 30),
    { "content-encoding": "gzip" },
    400,
    "MALFORMED_REQUEST",
  ],
  ["a gzip bomb", GZIP_BOMB, { "content-encoding": "gzip" }, 413, "BODY_TOO_LARGE"],
  ["a brotli bomb", BROTLI_BOMB, { "content-encoding": "br" }, 413, "BODY_TOO_LARGE"],
])("a request with %s gets an error in GraphQL form", async (_case, body, headers, status, reason) => {
  const response = await post(body, headers);

  expect(response.status).toBe(status);
  expect(response.body).toEqual(errorForm("BAD_USER_INPUT", reason));
  expect(response.headers["cache-control"]).toBe("no-store");
  expect(response.headers["x-correlation-id"]).toMatch(UUID);
  expect(JSON.stringify(response.body)).not.toMatch(/Smith|9000000009/);
});

test.each<[string, Buffer]>([
  ["gzip", gzipSync(QUERY)],
  ["x-gzip", gzipSync(QUERY)],
  ["GZIP", gzipSync(QUERY)],
  ["br", brotliCompressSync(QUERY)],
  ["deflate", deflateSync(QUERY)],
  ["identity", Buffer.from(QUERY)],
])("a request body with content encoding %s is read", async (encoding, body) => {
  expect(await post(body, { "content-encoding": encoding })).toMatchObject({ status: 200, body: DATA });
});

test("a bomb is refused long before it is decompressed", async () => {
  const before = process.memoryUsage().arrayBuffers;
  await Promise.all(Array.from({ length: 20 }, () => post(GZIP_BOMB, { "content-encoding": "gzip" })));

  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(200 * MIB);
});

test("a persisted-query hash alone gets PERSISTED_QUERY_NOT_SUPPORTED, to which clients react", async () => {
  const extensions = { persistedQuery: { version: 1, sha256Hash: "a".repeat(64) } };
  const { status, body } = await post(JSON.stringify({ extensions }));

  expect(status).toBe(200);
  expect(body).toEqual({
    errors: [
      {
        message: "PersistedQueryNotSupported",
        extensions: { code: "PERSISTED_QUERY_NOT_SUPPORTED", correlationId: expect.stringMatching(UUID) },
      },
    ],
  });
});

test("an unknown path gets an error in GraphQL form", async () => {
  const response = await graph.get("/9000000009");

  expect(response.statusCode).toBe(404);
  expect(await response.body.json()).toEqual(errorForm("BAD_USER_INPUT", "NOT_FOUND"));
});

test("a malformed Host header gets an error in GraphQL form and no internal error", async () => {
  const response = await request(`${graph.url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", host: "a b[" },
    body: QUERY,
  });
  const body = (await response.body.json()) as { errors?: { extensions: object }[] };

  expect(body.errors?.[0]?.extensions).toMatchObject({ correlationId: expect.stringMatching(UUID) });
});

test("bytes that are no HTTP get an error in GraphQL form, and the connection is closed", async () => {
  const { port } = new URL(graph.url);
  const socket = connect(Number(port), "127.0.0.1").setEncoding("utf8");
  let received = "";
  socket.on("data", (chunk) => {
    received += chunk;
  });
  socket.write("9000000009 is no request\r\n\r\n");
  await once(socket, "close");

  expect(received).toMatch(/^HTTP\/1\.1 400 /);
  expect(JSON.parse(received.split("\r\n\r\n")[1] ?? "")).toEqual(
    errorForm("BAD_USER_INPUT", "MALFORMED_REQUEST"),
  );
});
