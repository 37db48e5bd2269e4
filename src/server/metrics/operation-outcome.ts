import type { GraphQLFormattedError } from "graphql";

/**
 * `refused`: every error is the caller's own, so the service did its work. `errors`: at least one field failed although the
 * request was right. The service level objectives count the latter.
 */
export type OperationOutcome = "ok" | "refused" | "errors";

const CALLERS_OWN = new Set<unknown>([
  "BAD_USER_INPUT",
  "UNAUTHENTICATED",
  "FORBIDDEN",
  "PERSISTED_QUERY_NOT_FOUND",
  "PERSISTED_QUERY_NOT_SUPPORTED",
]);

export function toOperationOutcome(
  errors: readonly Pick<GraphQLFormattedError, "extensions">[],
): OperationOutcome {
  if (errors.length === 0) return "ok";
  return errors.every(({ extensions }) => CALLERS_OWN.has(extensions?.code)) ? "refused" : "errors";
}
