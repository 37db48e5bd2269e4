import type { RefObject } from "preact";
import { useMemo, useState } from "preact/hooks";
import { JsonViewer } from "./editor/json-editor.js";
import type { GraphAnswer } from "./request.js";
import type { Result } from "./use-explorer.js";
import { toText } from "./variables.js";
import { plural } from "./walk/summary.js";

interface Props {
  readonly paneRef: RefObject<HTMLElement | null>;
  readonly result: Result | null;
  readonly running: boolean;
  readonly notice: string;
  readonly mutation: boolean;
}

/** What was answered, with a line above it that says how it went. */
export function ResultPane({ paneRef, result, running, notice, mutation }: Props) {
  const [whole, setWhole] = useState(false);
  const answer = result?.exchange.answer;
  const text = useMemo(
    () => (answer === undefined ? "" : toText(whole ? answer : forReading(answer))),
    [answer, whole],
  );
  return (
    <section
      class="pane result"
      aria-labelledby="result-title"
      aria-busy={running}
      tabIndex={-1}
      ref={paneRef}
    >
      <div class="pane-head">
        <h2 id="result-title">Answer</h2>
        <div class="pane-tools">
          {result !== null && <Facts result={result} />}
          <label class="check">
            <input
              type="checkbox"
              checked={whole}
              onChange={(event) => setWhole(event.currentTarget.checked)}
            />
            extensions
          </label>
        </div>
      </div>
      <p class={notice === "" ? "notice notice-none" : "notice"} role="status">
        {notice || spoken(result)}
      </p>
      {answer?.errors !== undefined && answer.errors.length > 0 && <Errors errors={answer.errors} />}
      {text === "" ? <Welcome mutation={mutation} /> : <JsonViewer label="Answer, as JSON" value={text} />}
    </section>
  );
}

/** The whole idea of the page, while there is no answer to show. */
function Welcome({ mutation }: { readonly mutation: boolean }) {
  if (mutation) return <p class="empty">Look at the variables, then press Run mutation.</p>;
  return (
    <div class="empty">
      <p>
        You ask the graph once; it asks for you: <strong>PDS</strong> who the patient is, <strong>SDS</strong>{" "}
        where the practice’s system is, the practice itself through <strong>SSP</strong>, and{" "}
        <strong>V&amp;M</strong> whether the patient is chargeable. Only what the question needs, side by side
        where it can.
      </p>
      <ul>
        <li>Press an operation: it runs, and its calls are drawn below.</li>
        <li>Run it again: the session remembers, so fewer calls leave.</li>
        <li>Take a field away, or add one: watch the walk change.</li>
      </ul>
    </div>
  );
}

function Facts({ result }: { readonly result: Result }) {
  const { status, tookMs, answer } = result.exchange;
  const errors = answer.errors?.length ?? 0;
  return (
    <span class="facts">
      <span class={errors > 0 || status >= 400 ? "pill pill-fault" : "pill pill-ok"}>
        {errors > 0 ? plural(errors, "error") : status}
      </span>{" "}
      {Math.round(tookMs)} ms
    </span>
  );
}

function Errors({ errors }: { readonly errors: NonNullable<GraphAnswer["errors"]> }) {
  return (
    <ul class="errors" aria-label="Errors">
      {errors.slice(0, 4).map((error, index) => (
        <li key={index}>
          <code>{String(error.extensions?.code ?? "ERROR")}</code> {error.message}
        </li>
      ))}
      {errors.length > 4 && <li>… and {errors.length - 4} more</li>}
    </ul>
  );
}

/** The walk is drawn from `extensions.spine`, so it need not be read as JSON too; errors stand above already. */
function forReading({ data, ...rest }: GraphAnswer): GraphAnswer {
  const { extensions, ...others } = rest;
  const { spine: _spine, ...more } = (extensions ?? {}) as Record<string, unknown>;
  return { data, ...others, ...(Object.keys(more).length > 0 && { extensions: more }) };
}

function spoken(result: Result | null): string {
  if (result === null) return "";
  const errors = result.exchange.answer.errors?.length ?? 0;
  return `Answered in ${Math.round(result.exchange.tookMs)} milliseconds with ${errors === 0 ? "no errors" : plural(errors, "error")}.`;
}
