import { useEffect, useRef, useState } from "preact/hooks";
import type { JournalEntry } from "./api/journal-entry.js";
import { type CallFilter, NO_FILTER } from "./calls/call-filter.js";
import { callTitle, outcomeOf, statusText } from "./calls/call-words.js";
import { displayService } from "./service-words.js";

/**
 * The listed calls: filter, selection, pause, and what a screen reader announces.
 *
 * @param isLoaded false until the first calls were fetched
 */
export function useCalls(journal: readonly JournalEntry[], isLoaded: boolean) {
  const [filter, setFilter] = useState<CallFilter>(NO_FILTER);
  const [selectedId, setSelectedId] = useState<number | null>(null);
  const [paused, setPaused] = useState<readonly JournalEntry[] | null>(null);
  const [announcement, setAnnouncement] = useState("");
  const lastAnnounced = useRef<number | null>(null);
  const shown = paused ?? journal;

  useEffect(() => {
    if (!isLoaded) return;
    const lastId = shown.at(-1)?.id ?? 0;
    const known = lastAnnounced.current;
    lastAnnounced.current = lastId;
    // The calls of before the page was opened are no news.
    if (known === null) return;
    setAnnouncement(announce(shown.filter(({ id }) => id > known)));
  }, [shown, isLoaded]);

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

/** Names the calls, so that no two announcements are the same text, which a screen reader would not repeat. */
function announce(added: readonly JournalEntry[]): string {
  const [first, last] = [added.at(0), added.at(-1)];
  if (first === undefined || last === undefined) return "";
  if (first === last)
    return `Call ${first.id}: ${displayService(first.service)} ${callTitle(first)}, ${statusText(first)}.`;
  const refused = added.filter((entry) => outcomeOf(entry) === "refused").length;
  return `Calls ${first.id} to ${last.id}, ${refused === 0 ? "none" : refused} refused.`;
}
