import { ApolloServer } from "@apollo/server";
import fastifyApollo, { fastifyApolloDrainPlugin } from "@as-integrations/fastify";
import { announce, createApp } from "./common/listen.mjs";
import { RequestContext } from "./common/request-context.mjs";
import { toolsResolvers, typeDefs } from "./common/schema.mjs";

/** Apollo Server with resolvers that make each call themselves: no loaders, no cache, no session. */
const app = createApp();

const finishContext = {
  requestDidStart: async () => ({
    willSendResponse: ({ contextValue }) => contextValue.spine.finish(),
  }),
};

const apollo = new ApolloServer({
  typeDefs,
  resolvers: toolsResolvers,
  plugins: [finishContext, fastifyApolloDrainPlugin(app)],
});
await apollo.start();
await app.register(fastifyApollo(apollo), {
  context: async () => ({ spine: new RequestContext(undefined, false) }),
});

announce(await app.listen({ port: 0, host: "127.0.0.1" }));
