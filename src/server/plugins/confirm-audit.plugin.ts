import type { GraphQLFormattedError } from "graphql";
import type { AuditWriter } from "../../platform/audit/index.js";
import type { Config } from "../../platform/config/config.js";
import { storeUnavailable } from "../../platform/store/index.js";
import type { Log } from "../../platform/telemetry/log.js";
import { detailsOf } from "../errors/format-error.js";
import { OperationRefusedError } from "../errors/operation-refused-error.js";
import type { EndedOperation, OperationPlugin, ResolvedOperation } from "./operation-plugin.js";

export interface ConfirmAuditOptions {
  readonly auditWriter: Pick<AuditWriter, "canConfirm">;
  readonly config: Pick<Config, "REQUIRE_AUDIT_FOR_QUERIES" | "SPINE_ENV">;
  readonly log: Pick<Log, "error">;
}

/**
 * No response leaves before the audit records of its operation are on disk, all of them in one transaction; and no
 * operation begins that could not be audited (design section 6).
 */
export function confirmAuditPlugin({ auditWriter, config, log }: ConfirmAuditOptions): OperationPlugin {
  const isRequiredForQueries = requiresAuditForQueries(config);
  const isRequired = ({ operation }: Pick<ResolvedOperation, "operation">) =>
    operation?.operation === "mutation" || isRequiredForQueries;
  const requireStore = async ({ operation }: ResolvedOperation) => {
    const kind = operation?.operation === "mutation" ? "command" : "query";
    if (!(await auditWriter.canConfirm(kind))) throw new OperationRefusedError(storeUnavailable(undefined));
  };
  return {
    didResolveOperation: (context) => (isRequired(context) ? requireStore(context) : undefined),
    async willSendResponse(context) {
      const { audit, correlationId } = context.contextValue.call;
      try {
        await audit.commit();
      } catch (error) {
        log.error({ correlationId }, "an operation was not audited");
        // What became of a command is told all the same: its opened record was confirmed before it was sent.
        if (isRequired(context) && !audit.hasOpened) refuse(context, error);
      }
    },
  };
}

/** Whether a query is refused when its audit cannot be written. A command always is. */
export function requiresAuditForQueries({
  REQUIRE_AUDIT_FOR_QUERIES,
  SPINE_ENV,
}: ConfirmAuditOptions["config"]): boolean {
  return REQUIRE_AUDIT_FOR_QUERIES ?? SPINE_ENV === "live";
}

/** Puts the refusal in place of everything that was found out. */
function refuse({ response, contextValue }: EndedOperation, cause: unknown): void {
  const refusal = storeUnavailable(cause);
  const { correlationId } = contextValue.call;
  const error: GraphQLFormattedError = {
    message: refusal.message,
    extensions: { code: refusal.code, ...detailsOf(refusal), correlationId },
  };
  response.http.status = 503;
  response.body = { kind: "single", singleResult: { errors: [error] } };
}
