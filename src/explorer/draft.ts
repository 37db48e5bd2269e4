import type { DocumentNode } from "graphql";
import type { ExplorerConfig, Operation } from "./config.js";
import { operationToRun, readQuery } from "./documents.js";
import type { Remembered } from "./remembered.js";
import { type GraphRequest, requestHeaders } from "./request.js";
import { fillPlaceholders, parseObject, toText } from "./variables.js";

/** What is in the editors. */
export interface Draft {
  readonly operation: Operation | null;
  readonly query: string;
  readonly variables: string;
  readonly headers: string;
  /** Which operation of the document to run, when it holds several. */
  readonly operationName?: string | undefined;
}

/** A request ready to send. */
export interface Prepared {
  readonly request: GraphRequest;
  readonly headers: Record<string, string>;
  readonly document: DocumentNode;
}

/** The request that the editors stand for. Throws, with words for people, when they hold none. */
export function prepare(draft: Draft, session: string): Prepared {
  const query = readQuery(draft.query);
  const operation = operationToRun(query, draft.operationName);
  if (query.document === null) throw new Error("The query has a syntax error; the editor marks it.");
  if (operation === undefined) throw new Error("The document holds no operation to run.");
  const variables = parseObject(draft.variables, "Variables");
  const headers = requestHeaders(session, parseObject(draft.headers, "Headers"));
  const operationName = operation.name?.value;
  return { request: { query: draft.query, variables, operationName }, headers, document: query.document };
}

/** An operation as the editors show it, with what earlier answers can fill in. */
export function draftOf(operation: Operation | null, remembered: Remembered): Draft {
  return {
    operation,
    query: operation?.query ?? "query {\n  __typename\n}\n",
    variables: toText(fillPlaceholders(operation?.variables ?? {}, remembered)),
    headers: "{}",
  };
}

/** The operation named after the address's `#`, or the first. */
export function startingOperation(config: ExplorerConfig): Operation | null {
  const wanted = location.hash.slice(1);
  return (
    config.operations.find((operation) => encodeURIComponent(operation.id) === wanted) ??
    config.operations[0] ??
    null
  );
}
