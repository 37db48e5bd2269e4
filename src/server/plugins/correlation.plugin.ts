import type { ApolloServerPlugin } from "@apollo/server";
import { setCorrelationId } from "../errors/request-ids.js";
import type { ServerContext } from "../server-context.js";

/** Remembers the request of each error for `formatError`, which is not told the request. */
export const correlationPlugin: ApolloServerPlugin<ServerContext> = {
  async requestDidStart({ contextValue }) {
    return {
      async didEncounterErrors({ errors }) {
        for (const error of errors) setCorrelationId(error, contextValue.call.correlationId);
      },
    };
  },
};
