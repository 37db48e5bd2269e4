import type { OperationPlugin } from "./operation-plugin.js";

/** Adds the call log to `extensions.spine` when the request has `Spine-Trace: 1` and the caller may see it. */
export const spineTracePlugin: OperationPlugin = {
  willSendResponse({ contextValue, response }) {
    if (!contextValue.trace || response.body.kind !== "single") return;
    const { calls, cache } = contextValue.call.calls;
    const { singleResult } = response.body;
    const spine = { ...(singleResult.extensions?.spine as object | undefined), calls, cache };
    singleResult.extensions = { ...singleResult.extensions, spine };
  },
};
