import { type GraphQLRequest, HeaderMap } from "@apollo/server";
import { GraphQLError } from "graphql";
import { hash, type PersistedOperations } from "../persisted-operations.js";
import type { OperationPlugin } from "./operation-plugin.js";

export interface PersistedOperationsOptions {
  readonly operations: PersistedOperations;
  /** Refuse every operation that is not in the list. */
  readonly only: boolean;
}

/** Takes the place of a refused document until the pipeline reaches the step that can refuse it. */
const PLACEHOLDER = "{ __typename }";

/**
 * Runs operations by their id in the persisted-query list. With `only`, every other document is refused unread: it is
 * neither parsed nor validated.
 */
export function persistedOperationsPlugin(options: PersistedOperationsOptions): OperationPlugin {
  const refusals = new WeakMap<GraphQLRequest, GraphQLError>();
  return {
    requestDidStart({ request }) {
      const refusal = resolve(request, options);
      if (refusal === undefined) return;
      // An error that is thrown here would become an internal error.
      request.query = PLACEHOLDER;
      delete request.operationName;
      refusals.set(request, refusal);
    },
    didResolveOperation({ request }) {
      const refusal = refusals.get(request);
      if (refusal !== undefined) throw refusal;
    },
  };
}

/** Replaces the request's id by its document. Returns the error when the request is to be refused. */
function resolve(request: GraphQLRequest, { operations, only }: PersistedOperationsOptions) {
  const id = idOf(request);
  const { persistedQuery: _used, ...extensions } = request.extensions ?? {};
  const document = id === undefined ? undefined : operations.find(id);
  request.extensions = extensions;
  if (document !== undefined) {
    request.query = document;
    return undefined;
  }
  const { query } = request;
  if (id !== undefined && query === undefined) return notFound();
  if (only && (query === undefined || !operations.includes(query))) return notPersisted();
  return id !== undefined && query !== undefined && hash(query) !== id ? hashMismatch() : undefined;
}

function idOf({ extensions }: GraphQLRequest): string | undefined {
  const persisted: unknown = extensions?.persistedQuery;
  if (typeof persisted !== "object" || persisted === null || !("sha256Hash" in persisted)) return undefined;
  return typeof persisted.sha256Hash === "string" ? persisted.sha256Hash : undefined;
}

/** Status 200, as clients of the protocol expect. They send the document next. */
const notFound = () => refuse("PersistedQueryNotFound", 200, "PERSISTED_QUERY_NOT_FOUND");

const hashMismatch = () => refuse("The hash of the persisted query does not match its text.", 400);

const notPersisted = () =>
  refuse("Only operations of the persisted-query list are allowed.", 400, "BAD_USER_INPUT", "NOT_PERSISTED");

function refuse(message: string, status: number, code = "BAD_USER_INPUT", reason?: string): GraphQLError {
  const http = { status, headers: new HeaderMap() };
  return new GraphQLError(message, { extensions: { code, ...(reason && { reason }), http } });
}
