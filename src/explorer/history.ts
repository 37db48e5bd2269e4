import type { EditorState, OutgoingRequest } from "./editor-state.js";
import { parseQueryDocument } from "./query-document.js";
import { type IsStorable, toStorableQuery, toStorableVariables } from "./storable.js";
import { formatJson, parseObject } from "./variables.js";

/** An operation that was run. */
export interface HistoryEntry {
  readonly title: string;
  readonly query: string;
  /** JSON, as the editor shows it. */
  readonly variables: string;
  readonly operationName?: string | undefined;
}

/** The part of the browser's storage that the history uses. */
interface HistoryStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

const STORAGE_KEY = "spine-graph-explorer-history";
const MAX_ENTRIES = 20;

/** The history with a run in front. An earlier run of the same request moves to the front. Headers hold tokens: they stay out. */
export function addToHistory(
  history: readonly HistoryEntry[],
  state: EditorState,
  { request }: OutgoingRequest,
): HistoryEntry[] {
  const entry: HistoryEntry = {
    title: request.operationName ?? state.operation?.title ?? "Unnamed operation",
    query: state.query,
    variables: state.variables,
    operationName: request.operationName,
  };
  const others = history.filter(
    ({ query, variables, operationName }) =>
      query !== entry.query || variables !== entry.variables || operationName !== entry.operationName,
  );
  return [entry, ...others].slice(0, MAX_ENTRIES);
}

/** What may outlive the session: no value that could identify a patient. An entry whose query holds such a value goes. */
export function toStorableHistory(history: readonly HistoryEntry[], isStorable: IsStorable): HistoryEntry[] {
  const entries = history.flatMap((entry) => {
    const { document } = parseQueryDocument(entry.query);
    const query = document && toStorableQuery(document, isStorable);
    if (query === null) return [];
    const variables = toStorableVariables(parseObject(entry.variables, "Variables"), isStorable);
    return [{ ...entry, query, variables: formatJson(variables.value) }];
  });
  const texts = entries.map((entry) => JSON.stringify(entry));
  return entries.filter((_entry, index) => texts.indexOf(texts[index] ?? "") === index);
}

/** Reads the stored history. What another version or another page has stored is left out. */
export function loadHistory(openStorage: () => Pick<HistoryStorage, "getItem">): HistoryEntry[] {
  try {
    const stored: unknown = JSON.parse(openStorage().getItem(STORAGE_KEY) ?? "[]");
    return Array.isArray(stored) ? stored.filter(isEntry).slice(0, MAX_ENTRIES) : [];
  } catch {
    return [];
  }
}

/** Stores the history; call it with {@link toStorableHistory} only. A full or closed storage is no fault. */
export function saveHistory(
  openStorage: () => Pick<HistoryStorage, "setItem">,
  storable: readonly HistoryEntry[],
): void {
  try {
    openStorage().setItem(STORAGE_KEY, JSON.stringify(storable));
  } catch {
    // The history stays in memory.
  }
}

function isEntry(value: unknown): value is HistoryEntry {
  if (typeof value !== "object" || value === null) return false;
  const { title, query, variables, operationName } = value as Record<string, unknown>;
  return (
    typeof title === "string" &&
    typeof query === "string" &&
    typeof variables === "string" &&
    (operationName === undefined || typeof operationName === "string") &&
    isJsonObject(variables)
  );
}

function isJsonObject(text: string): boolean {
  try {
    parseObject(text, "Variables");
    return true;
  } catch {
    return false;
  }
}
