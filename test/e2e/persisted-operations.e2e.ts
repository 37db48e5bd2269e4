import { createHash } from "node:crypto";
import { ConfigError } from "../../src/platform/config/config.js";
import { writeTestFile } from "../server/support/consumers.js";
import { type RunningGraph, type StartOptions, startGraph } from "../support/start-graph.js";

const LISTED = 'query Practice { practice(odsCode: "T81001") { odsCode } }';
const OTHER = 'query Other { practice(odsCode: "T81002") { odsCode } }';
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const persistedQuery = (sha256Hash: unknown) => ({ persistedQuery: { version: 1, sha256Hash } });

const file = writeTestFile("operations.json", {
  format: "apollo-persisted-query-manifest",
  version: 1,
  operations: [
    { id: sha256(LISTED), name: "Practice", type: "query", body: LISTED },
    { id: "an-outdated-operation", name: "Outdated", type: "query", body: "query Outdated { gone }" },
  ],
});
afterAll(() => file.remove());

const start = (environment: Record<string, string>): Promise<RunningGraph> =>
  startGraph({
    environment: { PERSISTED_OPERATIONS_FILE: file.path, ...environment },
  } satisfies StartOptions);

describe.each(["false", "true"])("with PERSISTED_OPERATIONS_ONLY=%s", (only) => {
  let graph: RunningGraph;
  beforeAll(async () => {
    graph = await start({ PERSISTED_OPERATIONS_ONLY: only });
  });
  afterAll(() => graph.close());

  test("a listed operation runs by its id", async () => {
    expect(await graph.post({ extensions: persistedQuery(sha256(LISTED)) })).toMatchObject({
      data: { practice: { odsCode: "T81001" } },
    });
  });

  test("a listed operation runs by its text", async () => {
    expect((await graph.post({ query: LISTED })).data).toEqual({ practice: { odsCode: "T81001" } });
  });

  test("an id wins over a text beside it", async () => {
    const { data } = await graph.post({ query: OTHER, extensions: persistedQuery(sha256(LISTED)) });

    expect(data).toEqual({ practice: { odsCode: "T81001" } });
  });

  test.each([sha256(OTHER), "constructor", "__proto__", ""])("the unknown id %p is not found", async (id) => {
    const { data, errors } = await graph.post({ extensions: persistedQuery(id) });

    expect(data).toBeUndefined();
    expect(errors).toEqual([
      {
        message: "PersistedQueryNotFound",
        extensions: { code: "PERSISTED_QUERY_NOT_FOUND", correlationId: expect.any(String) },
      },
    ]);
  });

  test("an outdated operation is refused by validation and named in the log at the start", async () => {
    const { errors } = await graph.post({ extensions: persistedQuery("an-outdated-operation") });

    expect(errors?.[0]?.extensions.code).toBe("BAD_USER_INPUT");
    expect(graph.logLines.filter((line) => line.includes('"Outdated"'))).toHaveLength(1);
  });

  test("a text with the hash of another text is refused", async () => {
    const { data } = await graph.post({ query: OTHER, extensions: persistedQuery(sha256("x")) });

    expect(data).toBeUndefined();
  });
});

describe("strict mode refuses", () => {
  let graph: RunningGraph;
  beforeAll(async () => {
    graph = await start({ PERSISTED_OPERATIONS_ONLY: "true" });
  });
  afterAll(() => graph.close());

  test.each<[string, object]>([
    ["another text", { query: OTHER }],
    ["a listed text with a space more", { query: `${LISTED} ` }],
    ["a listed text with an operation more", { query: `${LISTED} ${OTHER}`, operationName: "Other" }],
    ["a text that cannot be parsed", { query: "{".repeat(5_000) }],
    ["introspection", { query: "{ __schema { queryType { name } } }" }],
    ["another text with its own hash", { query: OTHER, extensions: persistedQuery(sha256(OTHER)) }],
    ["another text with a hash that is no text", { query: OTHER, extensions: persistedQuery(1) }],
  ])("%s", async (_case, body) => {
    const before = graph.sandbox.requests.length;
    const { data, errors } = await graph.post(body);

    expect(data).toBeUndefined();
    expect(errors?.map(({ extensions }) => extensions)).toEqual([
      { code: "BAD_USER_INPUT", reason: "NOT_PERSISTED", correlationId: expect.any(String) },
    ]);
    expect(graph.sandbox.requests).toHaveLength(before);
  });

  test("a refused text the second time, while a listed one runs each time", async () => {
    const reasons: unknown[] = [];
    for (const query of [OTHER, LISTED, OTHER, LISTED]) {
      const { errors } = await graph.post({ query });
      reasons.push(errors?.[0]?.extensions.reason);
    }

    expect(reasons).toEqual(["NOT_PERSISTED", undefined, "NOT_PERSISTED", undefined]);
  });

  test("a request without an operation", async () => {
    const { errors } = await graph.post({ variables: {} });

    expect(errors?.[0]?.extensions.code).toBe("BAD_USER_INPUT");
  });
});

test("without strict mode another text runs, also with its own hash", async () => {
  const graph = await start({});
  expect((await graph.post({ query: OTHER })).data).toEqual({ practice: { odsCode: "T81002" } });
  const registering = { query: OTHER, extensions: persistedQuery(sha256(OTHER)) };
  expect((await graph.post(registering)).data).toEqual({ practice: { odsCode: "T81002" } });
  await graph.close();
});

test.each<[string, unknown]>([
  ["no JSON", "{"],
  ["another format", { format: "other", version: 1, operations: [] }],
  ["another version", { format: "apollo-persisted-query-manifest", version: 2, operations: [] }],
  [
    "an operation without a body",
    { format: "apollo-persisted-query-manifest", version: 1, operations: [{ id: "a" }] },
  ],
])("a list with %s stops the start", async (_case, content) => {
  const bad = writeTestFile("bad.json", content);
  await expect(start({ PERSISTED_OPERATIONS_FILE: bad.path })).rejects.toThrow(ConfigError);
  bad.remove();
});

test("strict mode without a list stops the start", async () => {
  await expect(startGraph({ environment: { PERSISTED_OPERATIONS_ONLY: "true" } })).rejects.toThrow(
    "PERSISTED_OPERATIONS_FILE is required with PERSISTED_OPERATIONS_ONLY=true",
  );
});
