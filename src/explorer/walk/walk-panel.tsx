import type { SpineTrace } from "../spine-trace.js";
import type { Result } from "../use-explorer.js";
import { cacheWords, plural, walkSentence } from "./summary.js";
import { WalkDiagram } from "./walk-diagram.js";
import { WalkTable } from "./walk-table.js";

interface Props {
  readonly trace: SpineTrace | null;
  readonly result: Result | null;
  readonly running: boolean;
}

/** The calls behind an answer: drawn, summed up, and as a table for those who cannot see the drawing. */
export function WalkPanel({ trace, result, running }: Props) {
  return (
    <section class="pane walk" aria-labelledby="walk-title" aria-busy={running}>
      <div class="pane-head">
        <h2 id="walk-title">The walk</h2>
        {trace !== null && <p class="walk-sentence">{walkSentence(trace)}</p>}
        {trace !== null && <Cache trace={trace} />}
        {trace !== null && <Change now={trace.calls.length} before={result?.callsBefore ?? null} />}
      </div>
      {trace !== null && result !== null ? (
        <>
          <WalkDiagram calls={trace.calls} totalMs={result.exchange.tookMs} title={result.title} />
          <div class="walk-foot">
            <WalkTable calls={trace.calls} />
            <Legend />
          </div>
        </>
      ) : (
        <>
          <WalkDiagram calls={[]} totalMs={0} title="" />
          <p class="empty">
            {result === null
              ? "Each request that your question sends to the Spine is drawn here: to whom, when, for how long, and how it ended."
              : "The server gave no call log with this answer."}
          </p>
        </>
      )}
    </section>
  );
}

/** The same question again in the same session costs less; this says by how much. */
function Change({ now, before }: { readonly now: number; readonly before: number | null }) {
  if (before === null) return null;
  if (before === now) return <span class="pill">as many as last time</span>;
  return now < before ? (
    <span class="pill pill-ok">last time {plural(before, "call")}: the session remembers</span>
  ) : (
    <span class="pill">last time {plural(before, "call")}</span>
  );
}

function Legend() {
  return (
    <ul class="legend" aria-label="Colours">
      <li class="tone-ok">OK</li>
      <li class="tone-none">not found</li>
      <li class="tone-fault">failed</li>
    </ul>
  );
}

function Cache({ trace }: { readonly trace: SpineTrace }) {
  const words = cacheWords(trace);
  return words === "" ? null : (
    <p class="cache">
      <strong>Cache</strong> {words}
    </p>
  );
}
