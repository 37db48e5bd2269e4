import { useMemo, useState } from "preact/hooks";
import type { ExplorerConfig } from "./config.js";
import type { EditorState, OutgoingRequest } from "./editor-state.js";
import { addToHistory, type HistoryEntry, loadHistory, saveHistory, toStorableHistory } from "./history.js";
import { createIsStorable } from "./storable.js";

/**
 * The history of the runs. The memory of the page holds them as they were; the storage of the browser outlives the
 * session, so it holds only what names no patient.
 */
export function useHistory(config: ExplorerConfig) {
  const isStorable = useMemo(() => createIsStorable(config), [config]);
  const [history, setHistory] = useState<readonly HistoryEntry[]>(() =>
    toStorableHistory(
      loadHistory(() => localStorage),
      isStorable,
    ),
  );

  function change(toNext: (before: readonly HistoryEntry[]) => readonly HistoryEntry[]): void {
    setHistory((before) => {
      const next = toNext(before);
      saveHistory(() => localStorage, toStorableHistory(next, isStorable));
      return next;
    });
  }

  return {
    history,
    add: (state: EditorState, outgoing: OutgoingRequest) =>
      change((before) => addToHistory(before, state, outgoing)),
    /** Called when the session ends. */
    forgetPatients: () => change((before) => toStorableHistory(before, isStorable)),
    clear: () => change(() => []),
  };
}
