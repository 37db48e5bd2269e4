import type { JournalEntry } from "../../../src/sandbox-console/api/journal-entry.js";

/** A call that PDS accepted, with changes. */
export function entryOf(id: number, changes: Partial<JournalEntry> = {}): JournalEntry {
  return {
    id,
    receivedAt: "2026-01-14T09:41:00.000Z",
    durationMs: 3,
    service: "PDS",
    method: "GET",
    path: "/personal-demographics/FHIR/R4/Patient/9000000009",
    headers: { host: "127.0.0.1:8401" },
    interaction: "Patient.read",
    status: 200,
    ...changes,
  };
}

/** A call without a response as yet, or without one at all. */
export function withoutStatus(id: number, changes: Partial<JournalEntry> = {}): JournalEntry {
  const { status: _status, ...entry } = entryOf(id, changes);
  return entry;
}

/** A call at whose service the work has not ended. */
export function pendingEntry(id: number): JournalEntry {
  const { durationMs: _duration, ...entry } = withoutStatus(id);
  return entry;
}
