import type { JournalEntry } from "../api/journal-entry.js";
import { outcomeOf, statusText } from "./call-words.js";

const PILLS = { accepted: "pill-ok", refused: "pill-fault", none: "pill-fault", pending: "" } as const;

/** The status of a call. The colour only repeats what the text says. */
export function StatusPill({ entry }: { readonly entry: JournalEntry }) {
  return <span class={`pill ${PILLS[outcomeOf(entry)]}`}>{statusText(entry)}</span>;
}
