import mercurius from "mercurius";
import { announce, createApp, sessionOf } from "./common/listen.mjs";
import { RequestContext } from "./common/request-context.mjs";
import { resolvers, typeDefs } from "./common/schema.mjs";

/** Mercurius on Fastify, each operation compiled at its first use. */
const app = createApp();

await app.register(mercurius, {
  schema: typeDefs,
  resolvers: { ...resolvers, _Entity: { resolveType: () => "Patient" } },
  jit: 1,
  context: (request) => ({ spine: new RequestContext(sessionOf(request.headers)) }),
});

/** The audit is written before the response leaves. */
app.graphql.addHook("onResolution", (_execution, { spine }) => spine.finish());

announce(await app.listen({ port: 0, host: "127.0.0.1" }));
