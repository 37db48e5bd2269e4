import { useState } from "preact/hooks";
import type { Operation } from "./config.js";

interface Props {
  readonly operations: readonly Operation[];
  readonly current: Operation | null;
  readonly onChoose: (operation: Operation) => void;
}

/** The documented operations in teaching order. On a narrow page the list folds away once one is chosen. */
export function OperationsRail({ operations, current, onChoose }: Props) {
  const [open, setOpen] = useState(true);
  return (
    <nav class="operations" aria-label="Documented operations">
      <h2>
        <span class="wide-only">Operations</span>
        <button
          type="button"
          class="narrow-only fold"
          aria-expanded={open}
          aria-controls="operation-list"
          onClick={() => setOpen(!open)}
        >
          Operations{!open && current ? `: ${current.title}` : ""}
        </button>
      </h2>
      <ol id="operation-list" class={open ? "" : "folded"}>
        {operations.map((operation) => (
          <li key={operation.id}>
            <button
              type="button"
              class="operation"
              aria-current={operation.id === current?.id ? "true" : undefined}
              onClick={() => {
                setOpen(false);
                onChoose(operation);
              }}
            >
              <span class="operation-title">
                {operation.title}
                {operation.kind === "mutation" && <span class="tag">mutation</span>}
              </span>
              <span class="operation-words">
                {operation.id === current?.id ? operation.description : firstSentence(operation.description)}
              </span>
            </button>
          </li>
        ))}
      </ol>
      {operations.length === 0 && <p class="quiet">This server documents no operations. Write your own.</p>}
    </nav>
  );
}

function firstSentence(text: string): string {
  return /^.*?[.!?](?=\s|$)/.exec(text)?.[0] ?? text;
}
