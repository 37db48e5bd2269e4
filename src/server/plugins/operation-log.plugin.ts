import type { ApolloServerPlugin } from "@apollo/server";
import type { Log } from "../../platform/telemetry/log.js";
import type { Metrics } from "../metrics/metrics.js";
import type { ServerContext } from "../server-context.js";

/**
 * Logs and counts each operation: type, duration, error codes, number of upstream calls. The document, its variables
 * and its name are not logged, because a caller can put patient data into them.
 */
export function operationLogPlugin(log: Log, metrics: Metrics): ApolloServerPlugin<ServerContext> {
  return {
    async requestDidStart() {
      return {
        async willSendResponse({ contextValue, operation, response }) {
          const { call, clock, now } = contextValue;
          const durationMs = clock.now() - now;
          const errors = response.body.kind === "single" ? (response.body.singleResult.errors ?? []) : [];
          const type = operation?.operation ?? "invalid";
          metrics.countOperation(type, errors.length === 0 ? "ok" : "errors", durationMs);
          log.info(
            {
              correlationId: call.correlationId,
              type,
              durationMs,
              upstreamCalls: call.calls.ended,
              errors: errors.map((error) => error.extensions?.code),
            },
            "operation",
          );
        },
      };
    },
  };
}
