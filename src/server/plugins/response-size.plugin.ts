import type { ApolloServerPlugin } from "@apollo/server";
import { tooLarge } from "../../graph/response-size.js";
import type { ServerContext } from "../server-context.js";

/** Replaces a response over the size limit by an error: `data: null`, never a shorter list. */
export const responseSizePlugin: ApolloServerPlugin<ServerContext> = {
  async requestDidStart() {
    return {
      async willSendResponse({ contextValue, response }) {
        if (contextValue.refusal !== undefined || response.body.kind !== "single") return;
        const { singleResult } = response.body;
        if (!singleResult.data || !contextValue.responseSize.isExceededBy(singleResult.data)) return;
        const { message, code, reason } = tooLarge();
        const { correlationId } = contextValue.call;
        singleResult.data = null;
        singleResult.errors = [{ message, extensions: { code, reason, correlationId } }];
      },
    };
  },
};
