import { ApolloServer } from "@apollo/server";
import { ResponseSize } from "../../src/graph/response-size.js";
import { joinPlugins } from "../../src/server/plugins/operation-plugin.js";
import { responseSizePlugin } from "../../src/server/plugins/response-size.plugin.js";
import type { ServerContext } from "../../src/server/server-context.js";

/** A server with the plugin under test over one list, whose items are counted as resolvers count theirs. */
async function answerTo(items: number, responseSize: ResponseSize, text = "x") {
  const apollo = new ApolloServer<Pick<ServerContext, "responseSize" | "call">>({
    typeDefs: "type Query { slots: [String] other: String }",
    resolvers: {
      Query: {
        slots: (_root: unknown, _args: unknown, context: Pick<ServerContext, "responseSize">) => {
          context.responseSize.addItems(items);
          return Array(items).fill(text);
        },
        other: () => "stands",
      },
    },
    plugins: [joinPlugins([responseSizePlugin]).plugin as never],
  });
  const call = { correlationId: "c-1" } as ServerContext["call"];
  const { body } = await apollo.executeOperation(
    { query: "{ slots other }" },
    { contextValue: { responseSize, call } },
  );
  if (body.kind !== "single") throw new Error("one response was expected");
  return body.singleResult;
}

const TOO_LARGE = [
  {
    message: expect.any(String),
    extensions: { code: "BAD_USER_INPUT", reason: "ANSWER_TOO_LARGE", correlationId: "c-1" },
  },
];

test("an answer at the limit of items is given whole", async () => {
  expect(await answerTo(5, new ResponseSize(5, 1_000))).toEqual({
    data: { slots: Array(5).fill("x"), other: "stands" },
  });
});

test("an answer with one item more is null as a whole, with ANSWER_TOO_LARGE and nothing beside it", async () => {
  expect(await answerTo(6, new ResponseSize(5, 1_000))).toEqual({ data: null, errors: TOO_LARGE });
});

test("an answer of few items with too much text is null as a whole", async () => {
  expect(await answerTo(5, new ResponseSize(5, 1_000), "x".repeat(200))).toEqual({
    data: null,
    errors: TOO_LARGE,
  });
  expect((await answerTo(5, new ResponseSize(5, 2_000), "x".repeat(200))).data).toMatchObject({
    other: "stands",
  });
});

test("the items of several lists are counted together", () => {
  const size = new ResponseSize(10, 1_000);
  size.addItems(6);

  expect(() => size.addItems(5)).toThrow(expect.objectContaining({ reason: "ANSWER_TOO_LARGE" }));
  expect(size.isExceededBy({})).toBe(true);
});
