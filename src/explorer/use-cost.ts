import { useEffect, useState } from "preact/hooks";
import { type Cost, toCost, UNKNOWN } from "./cost.js";
import { type EditorState, parseEditorState } from "./editor-state.js";
import { sendRequest } from "./request.js";

/** Long enough that an edit in progress sends no request for each letter. */
const PAUSE_MS = 400;

/** Requests the price of the operation in the editors after each edit. The server runs nothing for it. */
export function useCost(path: string, session: string, state: EditorState): Cost {
  const [cost, setCost] = useState<Cost>(UNKNOWN);
  const { query, variables, headers, operationName } = state;
  useEffect(() => {
    const controller = new AbortController();
    async function fetchCost(): Promise<void> {
      try {
        const outgoing = parseEditorState(state, session);
        const { "spine-trace": _trace, ...others } = outgoing.headers;
        const priced = { ...others, "spine-cost-only": "1" };
        const exchange = await sendRequest(path, outgoing.request, priced, controller.signal);
        if (!controller.signal.aborted) setCost(toCost(exchange));
      } catch {
        // The editors mark what is invalid, and a run says when the server does not respond.
        if (!controller.signal.aborted) setCost(UNKNOWN);
      }
    }
    const timer = setTimeout(() => void fetchCost(), PAUSE_MS);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [path, session, query, variables, headers, operationName]);
  return cost;
}
