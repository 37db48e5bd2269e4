import { type ApolloServerPlugin, HeaderMap } from "@apollo/server";
import { type DocumentNode, GraphQLError, valueFromASTUntyped, visit } from "graphql";
import { type NhsNumber, parseNhsNumber } from "../../domain/nhs-number.js";
import type { SpineGraphError } from "../../platform/errors.js";
import type { ServerContext } from "../request-context.js";
import { isPublic, rootFields } from "./public-operation.js";

/** An operation that was not begun, since gate G1 is closed. */
export class OperationRefused extends GraphQLError {
  constructor(readonly refusal: SpineGraphError) {
    super(refusal.message, { extensions: { code: refusal.code, http: httpHead(refusal) } });
  }
}

/**
 * Stops every operation of a caller who was refused, before anything of it is run, and writes it down. What the
 * resolvers would be given then is shut as well (`request-context.ts`): this one gives the answer its form.
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
        throw new OperationRefused(refusal.error);
      },
    };
  },
};

/** The first NHS number among the arguments, where one can be read. */
function patientOf(document: DocumentNode, variables: Record<string, unknown>): NhsNumber | undefined {
  let found: NhsNumber | undefined;
  visit(document, {
    Argument({ name, value }) {
      const given: unknown = valueFromASTUntyped(value, variables);
      const text = name.value === "nhsNumber" ? given : memberOf(given, "nhsNumber");
      if (typeof text === "string") found ??= parseNhsNumber(text);
    },
  });
  return found;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

/** RFC 6750, section 3: a caller without a good token is told how to come back. */
function httpHead({ code }: SpineGraphError): { status: number; headers: HeaderMap } {
  if (code === "UNAUTHENTICATED") {
    return { status: 401, headers: new HeaderMap([["www-authenticate", "Bearer"]]) };
  }
  return { status: code === "FORBIDDEN" ? 403 : 503, headers: new HeaderMap() };
}
