import { plural } from "../web-ui/plural.js";
import type { HistoryEntry } from "./history.js";

interface Props {
  readonly entries: readonly HistoryEntry[];
  readonly onOpen: (entry: HistoryEntry) => void;
  readonly onClear: () => void;
}

/** The operations that were run, the latest first. Selecting one fills the editors. */
export function HistoryList({ entries, onOpen, onClear }: Props) {
  return (
    <details class="sidebar-group">
      <summary>
        <h2>History ({plural(entries.length, "operation")})</h2>
      </summary>
      <p class="quiet">After the session it keeps only operations and values that name no patient.</p>
      {entries.length > 0 && (
        <>
          <ol aria-label="History">
            {entries.map((entry, index) => (
              <li key={`${index} ${entry.title}`}>
                <button type="button" class="persona" onClick={() => onOpen(entry)}>
                  <span class="persona-head">{entry.title}</span>
                  <span class="persona-description history-variables">
                    {entry.variables.replace(/\s+/g, " ")}
                  </span>
                </button>
              </li>
            ))}
          </ol>
          <button type="button" class="history-clear" onClick={onClear}>
            Clear history
          </button>
        </>
      )}
    </details>
  );
}
