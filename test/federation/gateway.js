/**
 * One gateway in a process of its own, as in production. Reads its options from the first message of its parent, answers
 * with its URL, and ends with its parent.
 *
 * Options: `kind` is `hive` or `apollo`, `supergraphSdl` what composition made, `headers` the names of the request headers
 * that go on to the subgraphs, `scopes` whether the gateway enforces `@requiresScopes` itself, `prices` whether it tells
 * what it prices an operation at (both Hive only).
 */
const { createServer } = require("node:http");
const { maskError } = require("../../examples/supergraph/mask-errors.js");

process.once("message", async (options) => {
  const url = await (options.kind === "hive" ? startHive(options) : startApollo(options));
  process.send({ url });
});
process.once("disconnect", () => process.exit(0));

async function startHive({ supergraphSdl, headers, scopes, prices }) {
  const { createGatewayRuntime } = require("@graphql-hive/gateway-runtime");
  const gateway = createGatewayRuntime({
    supergraph: supergraphSdl,
    logging: false,
    landingPage: false,
    maskedErrors: { maskError: toMasked },
    propagateHeaders: {
      fromClientToSubgraphs: ({ request }) =>
        Object.fromEntries(headers.map((name) => [name, request.headers.get(name) ?? undefined])),
    },
    ...(prices && { demandControl: { includeExtensionMetadata: true } }),
    ...(scopes && {
      genericAuth: {
        mode: "protect-granular",
        rejectUnauthenticated: false,
        resolveUserFn: ({ request }) => claimsOf(request.headers.get("authorization")),
        extractScopes: (claims) => claims?.scope?.split(" ") ?? [],
      },
    }),
  });
  return listen(createServer(gateway));
}

async function startApollo({ supergraphSdl, headers }) {
  const { ApolloServer } = require("@apollo/server");
  const { startStandaloneServer } = require("@apollo/server/standalone");
  const { ApolloGateway, RemoteGraphQLDataSource } = require("@apollo/gateway");
  const quiet = { debug() {}, info() {}, warn() {}, error() {} };
  const gateway = new ApolloGateway({
    supergraphSdl,
    logger: quiet,
    buildService: ({ url }) =>
      new RemoteGraphQLDataSource({
        url,
        willSendRequest({ request, context }) {
          for (const name of headers) {
            const value = context.headers?.[name];
            if (value !== undefined) request.http.headers.set(name, value);
          }
        },
      }),
  });
  const server = new ApolloServer({
    gateway,
    logger: quiet,
    includeStacktraceInErrorResponses: false,
    formatError: maskError,
  });
  const { url } = await startStandaloneServer(server, {
    listen: { host: "127.0.0.1", port: 0 },
    context: async ({ req }) => ({ headers: req.headers }),
  });
  return new URL("/graphql", url).href;
}

function toMasked(error) {
  const { GraphQLError } = require("graphql");
  const { message, ...rest } = maskError(error);
  return new GraphQLError(message, rest);
}

/** The content of a token. Whether it is genuine is for a gateway's JWT plug-in, and for us, to verify. */
function claimsOf(authorization) {
  const [, payload] = (authorization ?? "").split(".");
  return payload === undefined ? null : JSON.parse(Buffer.from(payload, "base64url").toString("utf8"));
}

function listen(server) {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve(`http://127.0.0.1:${server.address().port}/graphql`));
  });
}
