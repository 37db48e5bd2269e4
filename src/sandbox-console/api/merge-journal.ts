import type { JournalEntry } from "./journal-entry.js";

/** Entries that the page keeps; the control API returns no more either. */
const MOST_ENTRIES = 1000;
/** Requests without a response after so many later ones are not fetched again: the service hangs. */
const MOST_PENDING = 100;

/**
 * The id after which to fetch. The latest known entry is fetched again, and every entry that had no response: it may have
 * one by now.
 */
export function nextAfter(known: readonly JournalEntry[]): number {
  const latest = known.slice(-MOST_PENDING);
  const first = latest.find(({ durationMs }) => durationMs === undefined) ?? latest.at(-1);
  return first === undefined ? 0 : first.id - 1;
}

/**
 * Adds fetched entries to the known ones, oldest first. When the journal no longer has the entry that was fetched again,
 * it was cleared, and only the fetched ones remain.
 */
export function mergeJournal(
  known: readonly JournalEntry[],
  fetched: readonly JournalEntry[],
): readonly JournalEntry[] {
  const after = nextAfter(known);
  if (fetched[0]?.id !== after + 1) return known.length === 0 && fetched.length === 0 ? known : fetched;
  const kept = known.filter(({ id }) => id <= after);
  const merged = [...kept, ...fetched].slice(-MOST_ENTRIES);
  return isSame(known, merged) ? known : merged;
}

/** Whether nothing has changed, so that the page need not be drawn again. */
function isSame(known: readonly JournalEntry[], merged: readonly JournalEntry[]): boolean {
  return (
    known.length === merged.length &&
    known.every(
      (entry, index) => entry.id === merged[index]?.id && entry.durationMs === merged[index]?.durationMs,
    )
  );
}
