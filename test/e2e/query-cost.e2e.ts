import { type RunningGraph, startGraph } from "../support/start-graph.js";

/** The limits as a client meets them: over HTTP, in the contract's form, with no call made. */
let graph: RunningGraph;
beforeEach(async () => {
  graph = await startGraph();
});
afterEach(() => graph.close());

const TOO_COSTLY = { code: "BAD_USER_INPUT", reason: "QUERY_TOO_COSTLY", correlationId: expect.any(String) };

const fragments = Array.from({ length: 12 }, (_, index) => {
  const next = index < 11 ? `...F${index + 1}` : "odsCode";
  return `fragment F${index} on Practice { ${["a", "b", "c"].map((name) => `${name}: freeSlots { practice { ${next} } }`).join(" ")} }`;
});

test.each([
  [
    "124 bytes",
    '{practice(odsCode:"T81001"){freeSlots{practice{freeSlots{practice{freeSlots{practice{odsCode}}}}}}}}',
  ],
  [
    "four levels of aliases",
    '{practice(odsCode:"T81001"){freeSlots{practice{a:freeSlots{practice{freeSlots{practice{freeSlots{end}}}}}}}}}',
  ],
  [
    "twelve fragments under three aliases",
    `{ practice(odsCode: "T81001") { ...F0 } } ${fragments.join(" ")}`,
  ],
])("a query of %s that would exhaust the process is refused at once", async (_, query) => {
  const started = performance.now();
  const answer = await graph.query(query, {}, { "spine-trace": "1" });

  expect(performance.now() - started).toBeLessThan(1_000);
  expect(answer.data ?? null).toBeNull();
  expect(answer.errors).toEqual([expect.objectContaining({ extensions: TOO_COSTLY })]);
  expect(answer.extensions?.spine?.calls ?? []).toEqual([]);
  expect(JSON.parse(graph.logLines.at(-1) ?? "{}")).toMatchObject({ upstreamCalls: 0 });
});

test("20,000 references are refused before any call, and the message says the limit", async () => {
  const r = Array(20_000).fill({ __typename: "Practice", odsCode: "T81001" });
  const query =
    "query($r: [_Any!]!) { _entities(representations: $r) { ... on Practice { freeSlots { start } } } }";

  const answer = await graph.query(query, { r });

  expect(answer.errors).toEqual([
    expect.objectContaining({
      message: expect.stringContaining("the limit is 1000"),
      extensions: TOO_COSTLY,
    }),
  ]);
  expect(JSON.parse(graph.logLines.at(-1) ?? "{}")).toMatchObject({ upstreamCalls: 0 });
});

test("a price within the limit that needs more calls than it allows is stopped while it runs", async () => {
  await graph.close();
  // Two calls at most, and the search needs three: two of the directory and one of the practice.
  graph = await startGraph({ environment: { MAX_QUERY_COST: "260" } });

  const answer = await graph.query<{ practice: { freeSlots: null } }>(
    '{ practice(odsCode: "T81001") { freeSlots { start } } }',
  );

  expect(answer.data.practice.freeSlots).toBeNull();
  expect(answer.errors).toEqual([
    expect.objectContaining({ path: ["practice", "freeSlots"], extensions: TOO_COSTLY }),
  ]);
});

describe("a request with Spine-Cost-Only", () => {
  const priceOf = (query: string, variables = {}, headers = {}) =>
    graph.query(query, variables, { "spine-cost-only": "1", ...headers });
  const PRACTICE = '{ practice(odsCode: "T81001") { name } }';

  test("gets the price and the limit, and makes no call", async () => {
    const answer = await priceOf(PRACTICE, {}, { "spine-trace": "1" });

    expect(answer.errors).toBeUndefined();
    expect(answer.data).toBeNull();
    expect(answer.extensions?.spine).toEqual({
      cost: { price: 81, limit: 1_000_000 },
      calls: [],
      cache: {},
    });
    expect(JSON.parse(graph.logLines.at(-1) ?? "{}")).toMatchObject({ upstreamCalls: 0 });
  });

  test("does not run a mutation", async () => {
    const book = "mutation($input: BookAppointmentInput!) { bookAppointment(input: $input) { __typename } }";
    const input = { nhsNumber: "9000000009", slotIds: ["T81001.1"], description: "Review" };
    const answer = await priceOf(book, { input }, { "spine-trace": "1" });

    expect(answer.errors).toBeUndefined();
    expect(answer.data).toBeNull();
    expect(answer.extensions?.spine).toMatchObject({ cost: { price: 1_001 }, calls: [] });
    expect(JSON.parse(graph.logLines.at(-1) ?? "{}")).toMatchObject({ upstreamCalls: 0 });
  });

  test("is refused like the run itself when the price is over the limit", async () => {
    const answer = await priceOf("query($r: [_Any!]!) { _entities(representations: $r) { __typename } }", {
      r: Array(1_001).fill({ __typename: "Practice", odsCode: "T81001" }),
    });
    expect(answer.errors).toEqual([expect.objectContaining({ extensions: TOO_COSTLY })]);
    expect(answer.extensions ?? {}).not.toHaveProperty("spine.cost");
  });

  test("runs as usual when the header has another value", async () => {
    const answer = await priceOf(PRACTICE, {}, { "spine-cost-only": "true" });
    expect(answer.data).toEqual({ practice: { name: expect.any(String) } });
  });
});
