import type { JournalEntry } from "../api/journal-entry.js";

/**
 * The other half of a call through the proxy: for a call to SSP the one to the practice, and the reverse. Both carry the
 * same `Ssp-TraceID`. A consumer that uses an id twice gets the nearest call.
 */
export function findRelatedCall(entry: JournalEntry, journal: readonly JournalEntry[]): JournalEntry | null {
  const traceId = entry.headers["ssp-traceid"];
  if (traceId === undefined) return null;
  const isOther = (other: JournalEntry) => other.headers["ssp-traceid"] === traceId;
  if (entry.service === "SSP")
    return (
      journal.find((other) => other.service === "PRACTICE" && other.id > entry.id && isOther(other)) ?? null
    );
  if (entry.service !== "PRACTICE") return null;
  return (
    journal.findLast((other) => other.service === "SSP" && other.id < entry.id && isOther(other)) ?? null
  );
}
