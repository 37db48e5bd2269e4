import { ApolloServer } from "@apollo/server";
import { requireTimeLeft } from "../../src/graph/response-deadline.js";
import { ResponseSize } from "../../src/graph/response-size.js";
import { withDeadline } from "../../src/platform/resilience/deadline.js";
import { joinPlugins } from "../../src/server/plugins/operation-plugin.js";
import { responseDeadlinePlugin } from "../../src/server/plugins/response-deadline.plugin.js";
import type { ServerContext } from "../../src/server/server-context.js";
import { limitSerialisation, stringifyResponse } from "../../src/server/stringify-response.js";

/** A request past its deadline ends, also when the time went into our own work. The clock is moved, nothing waits. */
let nowMs = 0;
beforeEach(() => {
  nowMs = 1_000;
  jest.spyOn(performance, "now").mockImplementation(() => nowMs);
});
afterEach(() => jest.restoreAllMocks());

/** Ends at 1,000 ms from now, by the clock that a test moves. */
const oneSecond = () => withDeadline(1_000, new AbortController().signal);

const TIMED_OUT = {
  data: null,
  errors: [
    {
      message: expect.any(String),
      extensions: {
        code: "UPSTREAM_TIMEOUT",
        reason: "DEADLINE_EXCEEDED",
        service: "PROVIDER",
        upstream: "PROVIDER",
        retryable: true,
        correlationId: "c-1",
      },
    },
  ],
};

const SLOT = {
  start: "2026-11-24T09:00:00+00:00",
  practitioner: { name: 'Dr "A"', role: null },
  minutes: 10,
};
const practices = (count: number, slots: number) => ({
  practices: Array.from({ length: count }, () => ({ odsCode: "T81001", freeSlots: Array(slots).fill(SLOT) })),
});

async function stringify(data: Record<string, unknown>, signal: AbortSignal): Promise<string> {
  limitSerialisation(data, { signal, correlationId: "c-1" });
  return stringifyResponse({ data, extensions: { spine: { calls: [] } } });
}

test("a large response is serialised in parts to the text that JSON.stringify gives", async () => {
  const data = { ...practices(200, 200), other: null, empty: {}, none: [], left: undefined, text: "é\u2028" };

  expect(await stringify(data, oneSecond())).toBe(
    `${JSON.stringify({ data, extensions: { spine: { calls: [] } } })}\n`,
  );
});

test("serialising ends at the deadline with data null, and other work runs in between", async () => {
  const data = practices(200, 2_000);
  let turns = 0;
  const passTime = () => {
    turns += 1;
    nowMs += 400;
    if (turns < 10) setImmediate(passTime);
  };
  setImmediate(passTime);

  expect(JSON.parse(await stringify(data, oneSecond()))).toEqual(TIMED_OUT);
  // 37 MB are some 36 parts; three of them take the time.
  expect(turns).toBeLessThan(10);
});

test("a client that has gone ends the serialisation", async () => {
  const gone = new AbortController();
  setImmediate(() => gone.abort());

  expect(JSON.parse(await stringify(practices(200, 2_000), gone.signal))).toEqual(TIMED_OUT);
});

test("a response without a deadline is one text", async () => {
  expect(await stringifyResponse({ data: { a: 1 } })).toBe('{"data":{"a":1}}\n');
});

async function execute(operation: "query" | "mutation", items: number, spentMs: number, failing?: Error) {
  const apollo = new ApolloServer<Pick<ServerContext, "responseSize" | "call">>({
    typeDefs: "type Query { slots: [String] } type Mutation { slots: [String] }",
    resolvers: {
      [operation === "query" ? "Query" : "Mutation"]: {
        slots: (_root: unknown, _args: unknown, { responseSize }: Pick<ServerContext, "responseSize">) => {
          responseSize.addItems(items);
          nowMs += spentMs;
          if (failing) throw failing;
          return Array(items).fill("x");
        },
      },
    },
    plugins: [joinPlugins([responseDeadlinePlugin]).plugin as never],
  });
  const call = { correlationId: "c-1", signal: oneSecond() } as ServerContext["call"];
  const contextValue = { responseSize: new ResponseSize(10), call };
  const { body } = await apollo.executeOperation({ query: `${operation} { slots }` }, { contextValue });
  if (body.kind !== "single") throw new Error("one response was expected");
  return body.singleResult;
}

test("a large response that was built past the deadline is null as a whole", async () => {
  expect(await execute("query", 10, 1_000)).toEqual(TIMED_OUT);
  expect((await execute("query", 10, 999)).data).toEqual({ slots: Array(10).fill("x") });
});

test("past the deadline, a small response and the outcome of a command are given all the same", async () => {
  expect((await execute("query", 9, 5_000)).data).toEqual({ slots: Array(9).fill("x") });
  expect((await execute("mutation", 10, 5_000)).data).toEqual({ slots: Array(10).fill("x") });
});

test("no list is built once the deadline has passed", () => {
  const signal = oneSecond();
  nowMs += 999;
  expect(() => requireTimeLeft(signal)).not.toThrow();
  nowMs += 1;
  expect(() => requireTimeLeft(signal)).toThrow(
    expect.objectContaining({ code: "UPSTREAM_TIMEOUT", reason: "DEADLINE_EXCEEDED" }),
  );
});
