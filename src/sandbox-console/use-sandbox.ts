import { useEffect, useRef, useState } from "preact/hooks";
import type { Personas } from "../web-ui/personas.js";
import { controlApi, type Description, type Presets } from "./api/control-api.js";
import type { ListedFault } from "./api/fault.js";
import type { JournalEntry, Rule } from "./api/journal-entry.js";
import { mergeJournal, nextAfter } from "./api/merge-journal.js";

const POLL_MS = 1000;
/** How long the page shows what an action did. An error stays until it is dismissed. */
const NOTICE_MS = 6000;

/** What never changes while the sandbox runs. */
interface Fixed {
  readonly personas: Personas;
  readonly presets: Presets;
  readonly rules: readonly Rule[];
}

/** A message about an action. */
export interface Notice {
  readonly text: string;
  readonly isError: boolean;
}

/** The state of the sandbox, fetched every second while the page is visible, and the actions on it. */
export function useSandbox() {
  const [fixed, setFixed] = useState<Fixed | null>(null);
  const [description, setDescription] = useState<Description | null>(null);
  const [faults, setFaults] = useState<readonly ListedFault[]>([]);
  const [journal, setJournal] = useState<readonly JournalEntry[]>([]);
  const [isConnected, setConnected] = useState(true);
  const [notice, setNotice] = useState<Notice | null>(null);
  const latestJournal = useRef(journal);

  // One fetch after the other: a response that was on its way before an action must not undo what the action shows.
  const fetches = useRef<Promise<void>>(Promise.resolve());
  function refresh(): Promise<void> {
    fetches.current = fetches.current.then(fetchAll);
    return fetches.current;
  }

  async function fetchAll(): Promise<void> {
    try {
      const known = latestJournal.current;
      const [state, active, fetched] = await Promise.all([
        controlApi.describe(),
        controlApi.faults(),
        controlApi.journal(nextAfter(known)),
      ]);
      latestJournal.current = mergeJournal(known, fetched);
      setDescription(state);
      setFaults(active);
      setJournal(latestJournal.current);
      setConnected(true);
    } catch {
      setConnected(false);
    }
  }

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const poll = async () => {
      if (!document.hidden) await refresh();
      timer = setTimeout(poll, POLL_MS);
    };
    void poll();
    return () => clearTimeout(timer);
  }, []);

  useEffect(() => {
    if (fixed !== null || !isConnected) return;
    Promise.all([controlApi.personas(), controlApi.presets(), controlApi.rules()])
      .then(([personas, presets, rules]) => setFixed({ personas, presets, rules }))
      .catch(() => setConnected(false));
  }, [fixed, isConnected]);

  useEffect(() => {
    if (notice === null || notice.isError) return;
    const timer = setTimeout(() => setNotice(null), NOTICE_MS);
    return () => clearTimeout(timer);
  }, [notice]);

  /** Runs an action and fetches the new state. `done` says what has happened. */
  async function act(action: () => Promise<unknown>, done: string): Promise<boolean> {
    try {
      await action();
      setNotice({ text: done, isError: false });
      await refresh();
      return true;
    } catch (error) {
      setNotice({ text: (error as Error).message, isError: true });
      return false;
    }
  }

  return {
    ...fixed,
    description,
    faults,
    journal,
    isConnected,
    notice,
    act,
    dismissNotice: () => setNotice(null),
  };
}

export type SandboxState = ReturnType<typeof useSandbox>;
