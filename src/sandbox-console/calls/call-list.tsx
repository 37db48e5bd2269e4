import { useRef } from "preact/hooks";
import type { JournalEntry } from "../api/journal-entry.js";
import { displayService } from "../service-words.js";
import { callTitle, londonTime, reasonOf } from "./call-words.js";
import { findRelatedCall } from "./related-call.js";
import { StatusPill } from "./status-pill.js";

interface Props {
  /** The latest first. */
  readonly entries: readonly JournalEntry[];
  /** All calls, oldest first. */
  readonly journal: readonly JournalEntry[];
  readonly selected: number | null;
  readonly onSelect: (id: number) => void;
}

/** A list box by the ARIA Authoring Practices: one tab stop, and the arrow keys select. */
export function CallList({ entries, journal, selected, onSelect }: Props) {
  const list = useRef<HTMLDivElement>(null);
  const selectedAt = entries.findIndex(({ id }) => id === selected);

  function moveSelection(event: KeyboardEvent): void {
    const current = Math.max(0, selectedAt);
    const last = entries.length - 1;
    const target = {
      ArrowDown: Math.min(last, selectedAt + 1),
      ArrowUp: Math.max(0, current - 1),
      Home: 0,
      End: last,
    }[event.key];
    const entry = target === undefined ? undefined : entries[target];
    if (target === undefined || entry === undefined) return;
    event.preventDefault();
    onSelect(entry.id);
    list.current?.querySelectorAll<HTMLElement>("[role=option]")[target]?.focus();
  }

  return (
    <div
      class="call-list"
      role="listbox"
      aria-label="Calls, the latest first"
      ref={list}
      onKeyDown={moveSelection}
    >
      {entries.map((entry, index) => (
        <div
          key={entry.id}
          role="option"
          class="call-row"
          aria-selected={entry.id === selected}
          tabIndex={index === Math.max(0, selectedAt) ? 0 : -1}
          onClick={() => onSelect(entry.id)}
          onKeyDown={(event) => {
            if (event.key !== "Enter" && event.key !== " ") return;
            event.preventDefault();
            onSelect(entry.id);
          }}
        >
          <CallRow entry={entry} reason={reasonOf(entry, findRelatedCall(entry, journal))} />
        </div>
      ))}
    </div>
  );
}

function CallRow({ entry, reason }: { readonly entry: JournalEntry; readonly reason: string | undefined }) {
  return (
    <>
      <StatusPill entry={entry} />
      <span class="call-service">{displayService(entry.service)}</span>
      <span class="call-title">{callTitle(entry)}</span>
      <code class="call-practice">{entry.odsCode}</code>
      <time class="call-time" dateTime={entry.receivedAt}>
        {londonTime(entry.receivedAt)}
      </time>
      {reason !== undefined && <span class="call-reason">{reason}</span>}
    </>
  );
}
