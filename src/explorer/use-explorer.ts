import { useRef, useState } from "preact/hooks";
import type { ExplorerConfig, Operation } from "./config.js";
import { declaredVariables, operationToRun, readQuery } from "./documents.js";
import { type Draft, draftOf, type Prepared, prepare, startingOperation } from "./draft.js";
import { type Remembered, remember } from "./remembered.js";
import { type Exchange, send } from "./request.js";
import { newSessionId } from "./session.js";
import { traceOf } from "./spine-trace.js";
import { useSchema } from "./use-schema.js";
import { openPlaceholders, parseObject, putVariable, toText } from "./variables.js";

/** An answer with what the page wants to say of it. */
export interface Result {
  readonly exchange: Exchange;
  readonly title: string;
  /** Calls of the run before of the same request in the same session. */
  readonly callsBefore: number | null;
}

/** All that the page knows, and all that can be done on it. */
export function useExplorer(config: ExplorerConfig) {
  const [session, setSession] = useState(newSessionId);
  const [draft, setDraft] = useState<Draft>(() => draftOf(startingOperation(config), new Map()));
  const [result, setResult] = useState<Result | null>(null);
  const [running, setRunning] = useState(false);
  const [notice, setNotice] = useState("");
  const { schema, schemaFault, reload } = useSchema(config.graphqlPath, session, draft.headers);
  // The schema may come in while an answer is awaited.
  const knownSchema = useRef(schema);
  knownSchema.current = schema;
  const remembered = useRef<Remembered>(new Map());
  const runsBefore = useRef(new Map<string, number>());
  const inFlight = useRef<AbortController | null>(null);

  async function run(what: Draft = draft): Promise<void> {
    let prepared: Prepared;
    try {
      prepared = prepare(what, session);
    } catch (error) {
      setNotice((error as Error).message);
      return;
    }
    inFlight.current?.abort();
    const controller = new AbortController();
    inFlight.current = controller;
    setNotice("");
    setRunning(true);
    try {
      const exchange = await send(config.graphqlPath, prepared.request, prepared.headers, controller.signal);
      if (inFlight.current !== controller) return;
      if (knownSchema.current !== null) {
        const { document, request } = prepared;
        const { data } = exchange.answer;
        const { operationName } = request;
        remembered.current = remember(remembered.current, knownSchema.current, document, operationName, data);
      }
      const key = JSON.stringify([session, prepared.request]);
      const title = prepared.request.operationName ?? what.operation?.title ?? "Answer";
      setResult({ exchange, title, callsBefore: runsBefore.current.get(key) ?? null });
      const calls = traceOf(exchange.answer.extensions)?.calls;
      if (calls !== undefined) runsBefore.current.set(key, calls.length);
    } catch (error) {
      if (inFlight.current === controller) setNotice(faultWords(error, controller.signal));
    } finally {
      if (inFlight.current === controller) setRunning(false);
    }
  }

  /** Loads a documented operation; a query runs at once, a mutation waits for the Run button. */
  function choose(operation: Operation): void {
    const next = { ...draftOf(operation, remembered.current), headers: draft.headers };
    setDraft(next);
    history.replaceState(null, "", `#${encodeURIComponent(operation.id)}`);
    const open = openPlaceholders(JSON.parse(next.variables));
    inFlight.current?.abort();
    setRunning(false);
    if (operation.kind === "query" && open.length === 0) {
      void run(next);
      return;
    }
    setResult(null);
    if (open.length > 0) setNotice(`Needs ${open.join(" and ")}: first run an operation that shows one.`);
    else setNotice("This changes data. Press Run when you are ready.");
  }

  /** Puts a number of the cast into the variables; tells whether there was a place for it. */
  function put(name: "nhsNumber" | "odsCode", value: string): boolean {
    try {
      const declared = declaredVariables(operationToRun(readQuery(draft.query), draft.operationName));
      const variables = putVariable(parseObject(draft.variables, "Variables"), declared, name, value);
      if (variables === undefined) {
        setNotice(`This operation has no ${name} among its variables.`);
        return false;
      }
      setDraft({ ...draft, variables: toText(variables) });
      setNotice("");
      return true;
    } catch (error) {
      setNotice((error as Error).message);
      return false;
    }
  }

  function renewSession(): void {
    runsBefore.current.clear();
    setSession(newSessionId());
    setNotice("New session: nothing is cached for it yet.");
  }

  return {
    session,
    draft,
    result,
    running,
    notice,
    schema,
    schemaFault,
    reloadSchema: reload,
    edit: (change: Partial<Draft>) => setDraft((before) => ({ ...before, ...change })),
    run: () => void run(),
    cancel: () => inFlight.current?.abort(),
    choose,
    put,
    renewSession,
    say: setNotice,
  };
}

export type Explorer = ReturnType<typeof useExplorer>;

function faultWords(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return "Cancelled.";
  return error instanceof TypeError
    ? "The server did not answer. Is it still running?"
    : (error as Error).message;
}
