import { createSchema, createYoga } from "graphql-yoga";
import { announce, createApp } from "./common/listen.mjs";
import { RequestContext } from "./common/request-context.mjs";
import { toolsResolvers, typeDefs } from "./common/schema.mjs";

/** GraphQL Yoga on Fastify, as its documentation integrates it. */
const app = createApp();

/** The audit is written before the response leaves. */
const finishContext = {
  onExecute: ({ args }) => ({ onExecuteDone: () => args.contextValue.spine.finish() }),
};

const yoga = createYoga({
  schema: createSchema({ typeDefs, resolvers: toolsResolvers }),
  logging: false,
  graphiql: false,
  landingPage: false,
  maskedErrors: false,
  plugins: [finishContext],
  context: ({ request }) => ({
    spine: new RequestContext(request.headers.get("spine-session") ?? undefined),
  }),
});

app.route({
  url: yoga.graphqlEndpoint,
  method: ["GET", "POST", "OPTIONS"],
  handler: (request, reply) => yoga.handleNodeRequestAndResponse(request, reply, { request, reply }),
});

announce(await app.listen({ port: 0, host: "127.0.0.1" }));
