import { unwrapResolverError } from "@apollo/server/errors";
import type { GraphQLFormattedError } from "graphql";
import { MAX_SELECTIONS } from "../../graph/cost/require-affordable.js";
import {
  BadUserInputError,
  ForbiddenError,
  LimitError,
  SpineGraphError,
  UnauthenticatedError,
  UpstreamError,
} from "../../platform/errors.js";
import type { Log } from "../../platform/telemetry/log.js";
import { redact } from "../../platform/telemetry/redact.js";
import { OperationRefusedError } from "./operation-refused-error.js";
import { correlationIdOf } from "./request-ids.js";
import { toSafeMessage } from "./safe-message.js";
import { toLoggable } from "./to-loggable.js";
import { variableErrorOf } from "./variable-errors.js";

/** Codes of the server library for a malformed request. */
const MALFORMED = new Set([
  "BAD_REQUEST",
  "BAD_USER_INPUT",
  "GRAPHQL_PARSE_FAILED",
  "GRAPHQL_VALIDATION_FAILED",
  "OPERATION_RESOLUTION_FAILURE",
]);

/** Codes of the persisted-query protocol. Clients react to them, so they and their messages stay as they are. */
const PROTOCOL = new Set(["PERSISTED_QUERY_NOT_FOUND", "PERSISTED_QUERY_NOT_SUPPORTED"]);

/** The server library's own code for fragments that amount to more selections than it is told to allow. */
const TOO_MANY_SELECTIONS = "MAX_RECURSIVE_SELECTIONS_EXCEEDED";

/**
 * Creates the function that maps every error to the contract's form: a code from the closed list, a safe message and
 * the documented extensions. An unexpected error is masked and logged.
 */
export function createErrorFormatter(log: Log) {
  return (formatted: GraphQLFormattedError, thrown: unknown): GraphQLFormattedError => {
    const error = thrown instanceof OperationRefusedError ? thrown.refusal : unwrapResolverError(thrown);
    const correlationId = correlationIdOf(thrown);
    const request = correlationId === undefined ? {} : { correlationId };
    const { locations, path } = formatted;
    const position = { ...(locations && { locations }), ...(path && { path }) };
    if (error instanceof SpineGraphError) {
      const extensions = { code: error.code, ...detailsOf(error), ...request };
      return { message: redact(error.message), ...position, extensions };
    }
    const code = String(formatted.extensions?.code ?? "");
    if (PROTOCOL.has(code)) {
      return { message: formatted.message, ...position, extensions: { code, ...request } };
    }
    if (MALFORMED.has(code)) {
      const variable = variableErrorOf(thrown);
      const isTooManySelections = formatted.extensions?.validationErrorCode === TOO_MANY_SELECTIONS;
      const reason = isTooManySelections ? "QUERY_TOO_COSTLY" : formatted.extensions?.reason;
      // graphql-js quotes the requested operation name, which is a value of the request.
      const message = isTooManySelections
        ? `The operation selects more than ${MAX_SELECTIONS} fields when its fragments are spread.`
        : code === "OPERATION_RESOLUTION_FAILURE"
          ? "The document has no operation of the requested name, or several and none was requested."
          : (variable?.message ?? toSafeMessage(formatted.message, thrown));
      return {
        message: redact(message),
        ...position,
        extensions: {
          code: "BAD_USER_INPUT",
          ...(variable && { field: variable.field }),
          ...(typeof reason === "string" && { reason }),
          ...request,
        },
      };
    }
    log.error({ ...request, error: toLoggable(error) }, "unexpected error");
    return {
      message: "Something went wrong on our side.",
      ...position,
      extensions: { code: "INTERNAL_SERVER_ERROR", ...request },
    };
  };
}

/** What `extensions` say of an error beside its code. */
export function detailsOf(error: SpineGraphError): Record<string, unknown> {
  if (error instanceof BadUserInputError) return { field: error.field };
  if (
    error instanceof ForbiddenError ||
    error instanceof UnauthenticatedError ||
    error instanceof LimitError
  ) {
    return { reason: error.reason };
  }
  if (error instanceof UpstreamError) {
    const { service, retryable, reason } = error;
    // Some routers write their own `service` over ours, so `upstream` says the same.
    return { upstream: service, service, retryable, ...(reason && { reason }) };
  }
  return {};
}
