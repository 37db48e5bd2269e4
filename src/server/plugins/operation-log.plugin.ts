import { unwrapResolverError } from "@apollo/server/errors";
import { UpstreamError } from "../../platform/errors.js";
import type { Log } from "../../platform/telemetry/log.js";
import type { Metrics } from "../metrics/metrics.js";
import { toOperationOutcome } from "../metrics/operation-outcome.js";
import type { OperationPlugin } from "./operation-plugin.js";

/**
 * Logs and counts each operation: type, duration, error codes, number of upstream calls, and of upstream errors the
 * service, the reason and the status. The document, its variables
 * and its name are not logged, because a caller can put patient data into them. Ends the operation's span, if any.
 *
 * @param knownNames the names of operations that the deployment has chosen. A span may have one of them.
 */
export function operationLogPlugin(
  log: Log,
  metrics: Metrics,
  knownNames: ReadonlySet<string> = new Set(),
): OperationPlugin {
  return {
    willSendResponse({ contextValue, errors: thrown, operation, response }) {
      const { call, clock, now, operationTrace } = contextValue;
      const endedAt = clock.now();
      const durationMs = endedAt - now;
      const errors = response.body.kind === "single" ? (response.body.singleResult.errors ?? []) : [];
      const type = operation?.operation ?? "invalid";
      metrics.countOperation(type, toOperationOutcome(errors), durationMs);
      log.info(
        {
          correlationId: call.correlationId,
          type,
          durationMs,
          upstreamCalls: call.calls.ended,
          errors: errors.map((error) => error.extensions?.code),
          ...(errors.length > 0 && upstreamErrorsOf(thrown ?? [])),
        },
        "operation",
      );
      const name = operation?.name?.value;
      operationTrace?.end({
        type: operation?.operation,
        name: name !== undefined && knownNames.has(name) ? name : undefined,
        errorCode: errors.length === 0 ? undefined : String(errors[0]?.extensions?.code ?? "_OTHER"),
        endedAt,
      });
    },
  };
}

/** An upstream error as it is logged: codes and numbers of ours, and no text that a service sent. */
interface LoggedUpstreamError {
  readonly service: string;
  readonly code: string;
  readonly reason: string | undefined;
  readonly status: number | undefined;
}

/** Each kind of upstream error once, because one failed service can fail hundreds of fields. */
function upstreamErrorsOf(thrown: readonly unknown[]): { upstreamErrors?: LoggedUpstreamError[] } {
  const kinds = new Map<string, LoggedUpstreamError>();
  for (const error of thrown.map(unwrapResolverError)) {
    if (!(error instanceof UpstreamError)) continue;
    const { service, code, reason, httpStatus: status } = error;
    const kind = { service, code, reason, status };
    kinds.set(JSON.stringify(kind), kind);
  }
  return kinds.size > 0 ? { upstreamErrors: [...kinds.values()] } : {};
}
