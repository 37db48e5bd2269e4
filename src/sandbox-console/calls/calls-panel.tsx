import { Panel } from "../../web-ui/panel.js";
import { plural } from "../../web-ui/plural.js";
import type { JournalEntry } from "../api/journal-entry.js";
import { type CallFilter, isListed, NO_FILTER } from "./call-filter.js";
import { CallFilters } from "./call-filters.js";
import { CallList } from "./call-list.js";

/** Calls that the list draws; more would make the page slow. */
const MOST_LISTED = 200;

interface Props {
  /** Oldest first. */
  readonly journal: readonly JournalEntry[];
  readonly filter: CallFilter;
  readonly selected: number | null;
  readonly isPaused: boolean;
  readonly onFilter: (filter: CallFilter) => void;
  readonly onSelect: (id: number) => void;
  readonly onPause: (isPaused: boolean) => void;
  readonly onClear: () => void;
}

/** The calls that the sandbox received, the latest first. */
export function CallsPanel(props: Props) {
  const { journal, filter, isPaused } = props;
  const matching = journal.filter((entry) => isListed(entry, filter));
  const listed = matching.slice(-MOST_LISTED).reverse();
  const tools = (
    <div class="panel-tools">
      <span class="status-line">{countWords(journal.length, matching.length, listed.length)}</span>
      <button type="button" aria-pressed={isPaused} onClick={() => props.onPause(!isPaused)}>
        Pause
      </button>
      <button type="button" onClick={props.onClear}>
        Clear
      </button>
    </div>
  );
  return (
    <Panel name="calls" title="Calls" head={tools}>
      <CallFilters journal={journal} filter={filter} onFilter={props.onFilter} />
      {listed.length > 0 ? (
        <CallList entries={listed} journal={journal} selected={props.selected} onSelect={props.onSelect} />
      ) : (
        <p class="empty">
          {journal.length === 0
            ? "No call yet. Send one to the addresses in the sidebar; it appears here within a second."
            : "No call matches the filter."}{" "}
          {journal.length > 0 && (
            <button type="button" onClick={() => props.onFilter(NO_FILTER)}>
              Show all
            </button>
          )}
        </p>
      )}
    </Panel>
  );
}

function countWords(all: number, matching: number, listed: number): string {
  const total = matching === all ? plural(all, "call") : `${matching} of ${plural(all, "call")}`;
  return listed < matching ? `${total}, latest ${listed} listed` : total;
}
