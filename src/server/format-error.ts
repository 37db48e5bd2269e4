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
import { OperationRefused } from "./auth/require-caller.plugin.js";
import { correlationIdOf } from "./correlation.js";

/** Codes of the server library that mean "your request is malformed". */
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
 * The one place where errors are put into the words of the contract (design section 4): a code from the closed
 * list, safe words, and nothing of what we did not mean to say. Anything unforeseen is masked and logged.
 */
export function createErrorFormatter(log: Log) {
  return (formatted: GraphQLFormattedError, thrown: unknown): GraphQLFormattedError => {
    const error = thrown instanceof OperationRefused ? thrown.refusal : unwrapResolverError(thrown);
    const correlationId = correlationIdOf(thrown);
    const request = correlationId === undefined ? {} : { correlationId };
    const { locations, path } = formatted;
    const place = { ...(locations && { locations }), ...(path && { path }) };
    if (error instanceof SpineGraphError) {
      const extensions = { code: error.code, ...details(error), ...request };
      return { message: redact(error.message), ...place, extensions };
    }
    const code = String(formatted.extensions?.code ?? "");
    if (MALFORMED.has(code)) {
      const field = fieldOf(formatted.message);
      return {
        message: redact(formatted.message),
        ...place,
        extensions: { code: "BAD_USER_INPUT", ...(field && { field }), ...request },
      };
    }
    log.error({ ...request, error: describe(error) }, "unforeseen error");
    return {
      message: "Something went wrong on our side.",
      ...place,
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

/** The argument that graphql-js names when a variable cannot be read: `Variable "$input" got … at "input.id"`. */
function fieldOf(message: string): string | undefined {
  return (
    /^Variable "\$\w+" .* at "([\w.[\]]+)"/s.exec(message)?.[1] ?? /^Variable "\$(\w+)" /.exec(message)?.[1]
  );
}

/** Name and stack without the message, which may quote what must not be logged. */
function describe(error: unknown): { name: string; stack: string } {
  if (!(error instanceof Error)) return { name: typeof error, stack: "" };
  const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  return { name: error.name, stack: frames.slice(0, 12).join("\n") };
}
