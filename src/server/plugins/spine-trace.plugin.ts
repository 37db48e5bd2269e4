import type { ApolloServerPlugin } from "@apollo/server";
import type { ServerContext } from "../request-context.js";

/** Answers `Spine-Trace: 1` with the calls that the operation cost, in `extensions.spine` (design section 5). */
export const spineTracePlugin: ApolloServerPlugin<ServerContext> = {
  async requestDidStart() {
    return {
      async willSendResponse({ contextValue, response }) {
        if (!contextValue.trace || response.body.kind !== "single") return;
        const { calls, cache } = contextValue.call.calls;
        const { singleResult } = response.body;
        singleResult.extensions = { ...singleResult.extensions, spine: { calls, cache } };
      },
    };
  },
};
