import { hasEnded } from "../../platform/resilience/deadline.js";
import { limitSerialisation, toDeadlineResult } from "../stringify-response.js";
import type { OperationPlugin } from "./operation-plugin.js";

/**
 * Ends a large response at the deadline of its request, also when the time went into building or serialising it. What
 * became of a command is told at any time.
 */
export const responseDeadlinePlugin: OperationPlugin = {
  willSendResponse({ contextValue, operation, response }) {
    if (contextValue.refusal !== undefined || response.body.kind !== "single") return;
    const { data } = response.body.singleResult;
    if (operation?.operation !== "query" || !data || !contextValue.responseSize.isLarge) return;
    const { signal, correlationId } = contextValue.call;
    const deadline = { signal, correlationId };
    if (hasEnded(signal)) response.body = { kind: "single", singleResult: toDeadlineResult(deadline) };
    else limitSerialisation(data, deadline);
  },
};
