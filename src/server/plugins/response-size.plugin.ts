import { tooLarge } from "../../graph/response-size.js";
import type { OperationPlugin } from "./operation-plugin.js";

/** Replaces a response over the size limit by an error: `data: null`, never a shorter list. */
export const responseSizePlugin: OperationPlugin = {
  willSendResponse({ contextValue, response }) {
    if (contextValue.refusal !== undefined || response.body.kind !== "single") return;
    const { singleResult } = response.body;
    if (!singleResult.data || !contextValue.responseSize.isExceededBy(singleResult.data)) return;
    const { message, code, reason } = tooLarge();
    const { correlationId } = contextValue.call;
    singleResult.data = null;
    singleResult.errors = [{ message, extensions: { code, reason, correlationId } }];
  },
};
