import { type DocumentNode, valueFromASTUntyped, visit } from "graphql";
import { type NhsNumber, parseNhsNumber } from "../../domain/nhs-number.js";
import { isPublic, rootFields } from "../auth/public-operation.js";
import { OperationRefusedError } from "../errors/operation-refused-error.js";
import type { OperationPlugin } from "./operation-plugin.js";

/**
 * Refuses every operation of a caller who was denied by gate G1, before its execution, and audits the refusal. The
 * context denies the resolvers everything as well (`request-context.ts`).
 */
export const requireCallerPlugin: OperationPlugin = {
  didResolveOperation({ contextValue, operation, document, request }) {
    const { refusal, call } = contextValue;
    if (refusal === undefined || (operation && isPublic(operation, document))) return;
    call.audit.record({
      operation: operation
        ? `${operation.operation} ${rootFields(operation, document).join(" ")}`
        : "unknown",
      outcome: "BLOCKED",
      gate: "G1",
      reason: refusal.reason,
      nhsNumber: patientOf(document, request.variables ?? {}),
    });
    throw new OperationRefusedError(refusal.error);
  },
};

/** The first valid NHS number among the arguments, for the audit. */
function patientOf(document: DocumentNode, variables: Record<string, unknown>): NhsNumber | undefined {
  let found: NhsNumber | undefined;
  visit(document, {
    Argument({ name, value }) {
      const argument: unknown = valueFromASTUntyped(value, variables);
      const text = name.value === "nhsNumber" ? argument : memberOf(argument, "nhsNumber");
      if (typeof text === "string") found ??= parseNhsNumber(text);
    },
  });
  return found;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
