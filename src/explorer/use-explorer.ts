import { useEffect, useRef, useState } from "preact/hooks";
import type { ExplorerConfig, Operation } from "./config.js";
import { type DeepLink, parseDeepLink, toDeepLink } from "./deep-link.js";
import {
  type EditorState,
  findInitialOperation,
  type OutgoingRequest,
  parseEditorState,
  toEditorState,
} from "./editor-state.js";
import type { HistoryEntry } from "./history.js";
import { declaredVariables, parseQueryDocument, selectOperation } from "./query-document.js";
import { type Exchange, sendRequest } from "./request.js";
import { collectResponseValues, type ResponseValues } from "./response-values.js";
import { createSessionId } from "./session.js";
import { parseCallLog } from "./upstream-calls/call-log.js";
import { useCost } from "./use-cost.js";
import { useHistory } from "./use-history.js";
import { useSchema } from "./use-schema.js";
import { findPlaceholders, formatJson, parseObject, setVariable } from "./variables.js";

/** A response, with what the page shows about it. */
export interface Result {
  readonly exchange: Exchange;
  readonly title: string;
  /** The number of upstream calls of the previous run of the same request in the same session. */
  readonly previousCallCount: number | null;
}

/** The state of the page and the actions on it. */
export function useExplorer(config: ExplorerConfig) {
  const [session, setSession] = useState(createSessionId);
  const [editorState, setEditorState] = useState<EditorState>(
    () =>
      parseDeepLink(location.href, config) ??
      toEditorState(findInitialOperation(config, location.hash), new Map()),
  );
  const [result, setResult] = useState<Result | null>(null);
  const [running, setRunning] = useState(false);
  const [notice, setNotice] = useState("");
  const cost = useCost(config.graphqlPath, session, editorState);
  const runs = useHistory(config);
  const { schema, prices, schemaError, reload } = useSchema(config.graphqlPath, session, editorState.headers);
  // The schema may arrive while a request is in flight, so `run` reads the latest one.
  const latestSchema = useRef(schema);
  latestSchema.current = schema;
  const responseValues = useRef<ResponseValues>(new Map());
  const callCounts = useRef(new Map<string, number>());
  const inFlight = useRef<AbortController | null>(null);

  useEffect(() => {
    if (parseDeepLink(location.href, config) === null) return;
    // What another page put into the address does not stay there, and nothing runs before the user has seen it.
    showInAddress(editorState.operation);
    setNotice("The link has filled the editors. Press Run when you are ready.");
  }, []);

  async function run(state: EditorState = editorState): Promise<void> {
    let outgoing: OutgoingRequest;
    try {
      outgoing = parseEditorState(state, session);
    } catch (error) {
      setNotice((error as Error).message);
      return;
    }
    inFlight.current?.abort();
    const controller = new AbortController();
    inFlight.current = controller;
    setNotice("");
    setRunning(true);
    runs.add(state, outgoing);
    try {
      const { request, headers } = outgoing;
      const exchange = await sendRequest(config.graphqlPath, request, headers, controller.signal);
      if (inFlight.current !== controller) return;
      rememberValues(outgoing, exchange);
      const key = JSON.stringify([session, request]);
      const title = request.operationName ?? state.operation?.title ?? "Response";
      setResult({ exchange, title, previousCallCount: callCounts.current.get(key) ?? null });
      const calls = parseCallLog(exchange.response.extensions)?.calls;
      if (calls !== undefined) callCounts.current.set(key, calls.length);
    } catch (error) {
      if (inFlight.current === controller) setNotice(describeFailure(error, controller.signal));
    } finally {
      if (inFlight.current === controller) setRunning(false);
    }
  }

  function rememberValues({ document, request }: OutgoingRequest, { response }: Exchange): void {
    if (latestSchema.current === null) return;
    responseValues.current = collectResponseValues(
      responseValues.current,
      latestSchema.current,
      document,
      request.operationName,
      response.data,
    );
  }

  /** Opens a documented operation. A query runs at once; a mutation waits for the Run button. */
  function openOperation(operation: Operation): void {
    const next = { ...toEditorState(operation, responseValues.current), headers: editorState.headers };
    setEditorState(next);
    showInAddress(operation);
    const missing = findPlaceholders(JSON.parse(next.variables));
    inFlight.current?.abort();
    setRunning(false);
    if (operation.kind === "query" && missing.length === 0) {
      void run(next);
      return;
    }
    setResult(null);
    if (missing.length > 0)
      setNotice(`Needs ${missing.join(" and ")}. First run an operation that returns this value.`);
    else setNotice("This operation changes data. Press Run when you are ready.");
  }

  /** Puts the number of a persona into the variables. False when the operation has no variable for it. */
  function insertPersona(name: "nhsNumber" | "odsCode", value: string): boolean {
    try {
      const query = parseQueryDocument(editorState.query);
      const declared = declaredVariables(selectOperation(query, editorState.operationName));
      const variables = setVariable(parseObject(editorState.variables, "Variables"), declared, name, value);
      if (variables === undefined) {
        setNotice(`This operation has no variable ${name}.`);
        return false;
      }
      setEditorState({ ...editorState, variables: formatJson(variables) });
      setNotice("");
      return true;
    } catch (error) {
      setNotice((error as Error).message);
      return false;
    }
  }

  /** Fills the editors from an earlier run. Nothing runs: it may be a mutation. */
  function openHistoryEntry({ query, variables, operationName }: HistoryEntry): void {
    inFlight.current?.abort();
    setRunning(false);
    setResult(null);
    const operation = config.operations.find((one) => one.query === query) ?? null;
    setEditorState({ operation, query, variables, operationName, headers: editorState.headers });
    showInAddress(operation);
    const declared = declaredVariables(selectOperation(parseQueryDocument(query), operationName));
    const given = parseObject(variables, "Variables");
    const missing = declared.filter((name) => !Object.hasOwn(given, name));
    setNotice(
      missing.length > 0
        ? `Enter ${missing.join(" and ")}, then press Run.`
        : "Press Run when you are ready.",
    );
  }

  function createLink(): DeepLink {
    return toDeepLink(editorState, config, location.href);
  }

  function startNewSession(): void {
    callCounts.current.clear();
    runs.forgetPatients();
    setSession(createSessionId());
    setNotice("New session. Its cache is empty.");
  }

  return {
    session,
    editorState,
    result,
    running,
    notice,
    cost,
    history: runs.history,
    clearHistory: runs.clear,
    openHistoryEntry,
    createLink,
    schema,
    prices,
    schemaError,
    reloadSchema: reload,
    edit: (change: Partial<EditorState>) => setEditorState((before) => ({ ...before, ...change })),
    run: () => void run(),
    cancel: () => inFlight.current?.abort(),
    openOperation,
    insertPersona,
    startNewSession,
    showNotice: setNotice,
  };
}

/** The address names the documented operation in its fragment, which no server receives. */
function showInAddress(operation: Operation | null): void {
  const fragment = operation === null ? "" : `#${encodeURIComponent(operation.id)}`;
  history.replaceState(null, "", `${location.pathname}${fragment}`);
}

export type Explorer = ReturnType<typeof useExplorer>;

function describeFailure(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return "Cancelled.";
  return error instanceof TypeError
    ? "The server did not respond. Check that it is running."
    : (error as Error).message;
}
