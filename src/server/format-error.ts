import { unwrapResolverError } from "@apollo/server/errors";
import type { GraphQLFormattedError } from "graphql";
import {
  BadUserInputError,
  ForbiddenError,
  SpineGraphError,
  UnauthenticatedError,
  UpstreamError,
} from "../platform/errors.js";
import type { Log } from "../platform/telemetry/log.js";
import { redact } from "../platform/telemetry/redact.js";
import { OperationRefusedError } from "./auth/require-caller.plugin.js";
import { correlationIdOf } from "./correlation.js";

/** Codes of the server library for a malformed request. */
const MALFORMED = new Set([
  "BAD_REQUEST",
  "BAD_USER_INPUT",
  "GRAPHQL_PARSE_FAILED",
  "GRAPHQL_VALIDATION_FAILED",
  "OPERATION_RESOLUTION_FAILURE",
  "PERSISTED_QUERY_NOT_FOUND",
  "PERSISTED_QUERY_NOT_SUPPORTED",
]);

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
      const extensions = { code: error.code, ...details(error), ...request };
      return { message: redact(error.message), ...position, extensions };
    }
    const code = String(formatted.extensions?.code ?? "");
    if (MALFORMED.has(code)) {
      const field = fieldOf(formatted.message);
      return {
        message: redact(formatted.message),
        ...position,
        extensions: { code: "BAD_USER_INPUT", ...(field && { field }), ...request },
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

function details(error: SpineGraphError): Record<string, unknown> {
  if (error instanceof BadUserInputError) return { field: error.field };
  if (error instanceof ForbiddenError || error instanceof UnauthenticatedError) {
    return { reason: error.reason };
  }
  if (error instanceof UpstreamError) {
    const { service, retryable, reason } = error;
    return { service, retryable, ...(reason && { reason }) };
  }
  return {};
}

/** The argument that graphql-js names for an invalid variable: `Variable "$input" got … at "input.id"`. */
function fieldOf(message: string): string | undefined {
  return (
    /^Variable "\$\w+" .* at "([\w.[\]]+)"/s.exec(message)?.[1] ?? /^Variable "\$(\w+)" /.exec(message)?.[1]
  );
}

/** Name and stack, without the message: it may contain personal data. */
function toLoggable(error: unknown): { name: string; stack: string } {
  if (!(error instanceof Error)) return { name: typeof error, stack: "" };
  const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  return { name: error.name, stack: frames.slice(0, 12).join("\n") };
}
