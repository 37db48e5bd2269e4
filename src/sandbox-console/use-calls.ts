import { useEffect, useRef, useState } from "preact/hooks";
import { plural } from "../web-ui/plural.js";
import type { JournalEntry } from "./api/journal-entry.js";
import { type CallFilter, NO_FILTER } from "./calls/call-filter.js";
import { outcomeOf } from "./calls/call-words.js";

/** The listed calls: filter, selection, pause, and what a screen reader announces. */
export function useCalls(journal: readonly JournalEntry[]) {
  const [filter, setFilter] = useState<CallFilter>(NO_FILTER);
  const [selectedId, setSelectedId] = useState<number | null>(null);
  const [paused, setPaused] = useState<readonly JournalEntry[] | null>(null);
  const [announcement, setAnnouncement] = useState("");
  const lastAnnounced = useRef<number | null>(null);
  const shown = paused ?? journal;

  useEffect(() => {
    const lastId = shown.at(-1)?.id ?? 0;
    const known = lastAnnounced.current;
    lastAnnounced.current = lastId;
    // The calls of before the page was opened are no news.
    if (known === null) return;
    setAnnouncement(announce(shown.filter(({ id }) => id > known)));
  }, [shown]);

  return {
    filter,
    setFilter,
    shown,
    selected: shown.find(({ id }) => id === selectedId) ?? null,
    select: setSelectedId,
    isPaused: paused !== null,
    setPaused: (isPaused: boolean) => setPaused(isPaused ? journal : null),
    announcement,
  };
}

function announce(added: readonly JournalEntry[]): string {
  if (added.length === 0) return "";
  const refused = added.filter((entry) => outcomeOf(entry) === "refused").length;
  return `${plural(added.length, "new call")}${refused === 0 ? "" : `, ${refused} refused`}.`;
}
