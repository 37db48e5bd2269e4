import type { ApolloServerPlugin } from "@apollo/server";
import type { Log } from "../../platform/telemetry/log.js";
import type { Metrics } from "../metrics.js";
import type { ServerContext } from "../request-context.js";

/**
 * One log line and one count for each operation: what kind, how long, which error codes, how many upstream
 * calls. Neither the document nor its variables nor its name, all of which a caller can put a patient into.
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
