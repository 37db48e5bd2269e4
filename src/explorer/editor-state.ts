import type { DocumentNode } from "graphql";
import type { ExplorerConfig, Operation } from "./config.js";
import { parseQueryDocument, selectOperation } from "./query-document.js";
import { type GraphqlRequest, requestHeaders } from "./request.js";
import type { ResponseValues } from "./response-values.js";
import { fillPlaceholders, formatJson, parseObject } from "./variables.js";

/** The content of the three editors. */
export interface EditorState {
  /** The documented operation that was selected last; the text may have been edited since. */
  readonly operation: Operation | null;
  readonly query: string;
  readonly variables: string;
  readonly headers: string;
  /** The operation to run when the document has several. */
  readonly operationName?: string | undefined;
}

/** A request built from the editors, with the parsed document. */
export interface OutgoingRequest {
  readonly request: GraphqlRequest;
  readonly headers: Record<string, string>;
  readonly document: DocumentNode;
}

/** Builds the request. Throws an error with a message for the user when an editor has invalid content. */
export function parseEditorState(state: EditorState, session: string): OutgoingRequest {
  const query = parseQueryDocument(state.query);
  const operation = selectOperation(query, state.operationName);
  if (query.document === null) throw new Error("The query has a syntax error. The editor marks it.");
  if (operation === undefined) throw new Error("The document has no operation to run.");
  const variables = parseObject(state.variables, "Variables");
  const headers = requestHeaders(session, parseObject(state.headers, "Headers"));
  const operationName = operation.name?.value;
  return { request: { query: state.query, variables, operationName }, headers, document: query.document };
}

/** The editor state of a documented operation. Values of earlier responses fill its placeholders. */
export function toEditorState(operation: Operation | null, values: ResponseValues): EditorState {
  return {
    operation,
    query: operation?.query ?? "query {\n  __typename\n}\n",
    variables: formatJson(fillPlaceholders(operation?.variables ?? {}, values)),
    headers: "{}",
  };
}

/** The operation that the fragment of the page's address (`#id`) names, otherwise the first. */
export function findInitialOperation(config: ExplorerConfig, fragment: string): Operation | null {
  const id = fragment.slice(1);
  return (
    config.operations.find((operation) => encodeURIComponent(operation.id) === id) ??
    config.operations[0] ??
    null
  );
}
