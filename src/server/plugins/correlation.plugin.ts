import { setCorrelationId } from "../errors/request-ids.js";
import type { OperationPlugin } from "./operation-plugin.js";

/** Remembers the request of each error for `formatError`, which is not told the request. */
export const correlationPlugin: OperationPlugin = {
  didEncounterErrors({ errors, contextValue }) {
    for (const error of errors) setCorrelationId(error, contextValue.call.correlationId);
  },
};
