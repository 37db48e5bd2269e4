import { useState } from "preact/hooks";
import type { Operation } from "./config.js";

interface Props {
  readonly operations: readonly Operation[];
  readonly current: Operation | null;
  readonly onOpen: (operation: Operation) => void;
}

/** The documented operations in teaching order. On a narrow page the list closes when one is opened. */
export function OperationsList({ operations, current, onOpen }: Props) {
  const [expanded, setExpanded] = useState(true);
  return (
    <nav class="operations" aria-label="Documented operations">
      <h2>
        <span class="wide-only">Operations</span>
        <button
          type="button"
          class="narrow-only list-toggle"
          aria-expanded={expanded}
          aria-controls="operation-list"
          onClick={() => setExpanded(!expanded)}
        >
          Operations{!expanded && current ? `: ${current.title}` : ""}
        </button>
      </h2>
      <ol id="operation-list" class={expanded ? "" : "collapsed"}>
        {operations.map((operation) => (
          <li key={operation.id}>
            <button
              type="button"
              class="operation"
              aria-current={operation.id === current?.id ? "true" : undefined}
              onClick={() => {
                setExpanded(false);
                onOpen(operation);
              }}
            >
              <span class="operation-title">
                {operation.title}
                {operation.kind === "mutation" && <span class="tag">mutation</span>}
              </span>
              <span class="operation-description">
                {operation.id === current?.id ? operation.description : firstSentence(operation.description)}
              </span>
            </button>
          </li>
        ))}
      </ol>
      {operations.length === 0 && (
        <p class="quiet">This server has no documented operations. Write your own query.</p>
      )}
    </nav>
  );
}

function firstSentence(text: string): string {
  return /^.*?[.!?](?=\s|$)/.exec(text)?.[0] ?? text;
}
