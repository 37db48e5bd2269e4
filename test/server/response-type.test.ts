import { ApolloServer, HeaderMap } from "@apollo/server";
import { toResponseType } from "../../src/server/plugins/response-type.js";

/** The library's own choice, which it makes after our plugins have run. */
async function chosenByLibrary(accept: string | undefined): Promise<string | undefined> {
  const response = await server.executeHTTPGraphQLRequest({
    httpGraphQLRequest: {
      method: "POST",
      headers: new HeaderMap([
        ["content-type", "application/json"],
        ...(accept === undefined ? [] : [["accept", accept] as [string, string]]),
      ]),
      search: "",
      body: { query: "{ __typename }" },
    },
    context: async () => ({}),
  });
  return response.status === 406 ? undefined : response.headers.get("content-type");
}

let server: ApolloServer;
beforeAll(async () => {
  server = new ApolloServer({
    typeDefs: "type Query { one: Int }",
    includeStacktraceInErrorResponses: false,
  });
  await server.start();
});
afterAll(() => server.stop());

const GRAPHQL = "application/graphql-response+json; charset=utf-8";
const JSON_TYPE = "application/json; charset=utf-8";

test.each<[string | undefined, string | undefined]>([
  [undefined, JSON_TYPE],
  ["", JSON_TYPE],
  ["*/*", JSON_TYPE],
  ["application/*", JSON_TYPE],
  ["application/json", JSON_TYPE],
  ["application/graphql-response+json", GRAPHQL],
  ["Application/GraphQL-Response+JSON", GRAPHQL],
  ["application/graphql-response+json; charset=utf-8", GRAPHQL],
  ["application/graphql-response+json, application/json", GRAPHQL],
  ["application/json, application/graphql-response+json", JSON_TYPE],
  ["application/graphql-response+json;q=0.9, application/json", JSON_TYPE],
  ["application/graphql-response+json,application/json;q=0.9", GRAPHQL],
  ["application/graphql-response+json;q=0.5, */*;q=0.1", GRAPHQL],
  ["*/*, application/graphql-response+json;q=0.5", JSON_TYPE],
  ["application/json;q=0, */*", GRAPHQL],
  ["application/graphql-response+json;q=0", undefined],
  ["multipart/mixed, application/graphql-response+json, application/json", GRAPHQL],
  ["text/html", undefined],
  ["application/json; charset=latin1", undefined],
  ["nonsense", undefined],
  [",,;q=;", undefined],
])("a request with Accept: %s is answered in %s, as the server library would", async (accept, expected) => {
  expect(toResponseType(accept)).toBe(expected);
  expect(await chosenByLibrary(accept)).toBe(expected);
});
