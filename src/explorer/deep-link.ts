import type { ExplorerConfig } from "./config.js";
import { type EditorState, parseEditorState, toEditorState } from "./editor-state.js";
import { createIsStorable, toStorableQuery, toStorableVariables } from "./storable.js";
import { formatJson } from "./variables.js";

/** The link to what the editors hold, and the names of the values that it leaves out. */
export interface DeepLink {
  readonly url: string;
  readonly omitted: readonly string[];
}

/**
 * Builds `?operation=…&variables=…`. The operation is the id of a documented operation, or the text of a query.
 * Addresses are kept in logs and browser histories, so no value that could identify a patient is in the link.
 *
 * @throws Error with a message for the user when an editor has invalid content, or the text of the query holds a value.
 */
export function toDeepLink(state: EditorState, config: ExplorerConfig, page: string): DeepLink {
  const { document, request } = parseEditorState(state, "");
  const isStorable = createIsStorable(config);
  const variables = toStorableVariables(request.variables, isStorable);
  const unchanged = state.operation !== null && state.query === state.operation.query;
  const operation = unchanged ? state.operation.id : toStorableQuery(document, isStorable);
  if (operation === null)
    throw new Error("The query holds a value that could identify a patient. Move it into the variables.");
  const url = new URL(page);
  url.hash = "";
  url.search = new URLSearchParams({
    operation,
    variables: JSON.stringify(variables.value),
  }).toString();
  return { url: url.href, omitted: variables.omitted };
}

/** Reads the link in the address of the page. Null when the address has no operation. */
export function parseDeepLink(address: string, config: ExplorerConfig): EditorState | null {
  const parameters = new URL(address).searchParams;
  const operation = parameters.get("operation");
  if (operation === null) return null;
  const documented = config.operations.find(({ id }) => id === operation) ?? null;
  const variables = parameters.get("variables");
  const state = toEditorState(documented, new Map());
  return {
    ...state,
    query: documented?.query ?? operation,
    variables: variables === null ? state.variables : reformat(variables),
  };
}

/** Text that is not JSON is shown as it is: the editor marks it. */
function reformat(text: string): string {
  try {
    return formatJson(JSON.parse(text));
  } catch {
    return text;
  }
}
