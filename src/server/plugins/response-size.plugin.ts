import type { ApolloServerPlugin } from "@apollo/server";
import { tooLarge } from "../../graph/answer-size.js";
import type { ServerContext } from "../server-context.js";

/** Replaces an answer that has grown past its limit by an error: `data: null`, never a shorter list. */
export const responseSizePlugin: ApolloServerPlugin<ServerContext> = {
  async requestDidStart() {
    return {
      async willSendResponse({ contextValue, response }) {
        if (contextValue.refusal !== undefined || response.body.kind !== "single") return;
        const { singleResult } = response.body;
        if (!singleResult.data || !contextValue.answerSize.isExceededBy(singleResult.data)) return;
        const { message, code, reason } = tooLarge();
        const { correlationId } = contextValue.call;
        singleResult.data = null;
        singleResult.errors = [{ message, extensions: { code, reason, correlationId } }];
      },
    };
  },
};
