import { type ApolloServerPlugin, HeaderMap } from "@apollo/server";
import { type DocumentNode, GraphQLError, valueFromASTUntyped, visit } from "graphql";
import { type NhsNumber, parseNhsNumber } from "../../domain/nhs-number.js";
import type { SpineGraphError } from "../../platform/errors.js";
import type { ServerContext } from "../request-context.js";
import { isPublic, rootFields } from "./public-operation.js";

/** The operation was refused before its execution: by gate G1, or by what it would cost. */
export class OperationRefusedError extends GraphQLError {
  constructor(readonly refusal: SpineGraphError) {
    super(refusal.message, { extensions: { code: refusal.code, http: toHttpHead(refusal) } });
  }
}

/**
 * Refuses every operation of a caller who was denied by gate G1, before its execution, and audits the refusal. The
 * context denies the resolvers everything as well (`request-context.ts`).
 */
export const requireCallerPlugin: ApolloServerPlugin<ServerContext> = {
  async requestDidStart() {
    return {
      async didResolveOperation({ contextValue, operation, document, request }) {
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

/** Status and headers of a refusal; the `WWW-Authenticate` header follows RFC 6750, section 3. */
function toHttpHead({ code }: SpineGraphError): { status: number; headers: HeaderMap } {
  if (code === "UNAUTHENTICATED") {
    return { status: 401, headers: new HeaderMap([["www-authenticate", "Bearer"]]) };
  }
  const status = code === "FORBIDDEN" ? 403 : code === "BAD_USER_INPUT" ? 400 : 503;
  return { status, headers: new HeaderMap() };
}
