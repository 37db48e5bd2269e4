import { copyText } from "../../web-ui/copy-text.js";
import { Panel } from "../../web-ui/panel.js";
import { plural } from "../../web-ui/plural.js";
import { summariseCalls } from "../../web-ui/sequence-diagram/call-words.js";
import { SequenceDiagram } from "../../web-ui/sequence-diagram/sequence-diagram.js";
import { toStandaloneSvg } from "../../web-ui/sequence-diagram/standalone-svg.js";
import type { Result } from "../use-explorer.js";
import { summariseCache } from "./cache-summary.js";
import type { CallLog } from "./call-log.js";
import { CallTable } from "./call-table.js";

interface Props {
  readonly callLog: CallLog | null;
  readonly result: Result | null;
  readonly running: boolean;
  /** Tells the user what came of a button. */
  readonly onNotice: (text: string) => void;
}

/** The upstream calls of a request: a diagram, a summary, and a table for people who cannot see the diagram. */
export function UpstreamCallsPanel({ callLog, result, running, onNotice }: Props) {
  async function copyPicture(): Promise<void> {
    const svg = document.querySelector<SVGSVGElement>(".sequence-diagram svg");
    if (svg === null) return;
    try {
      const background = getComputedStyle(document.documentElement).getPropertyValue("--surface");
      await copyText(toStandaloneSvg(svg, background));
      onNotice("The diagram was copied to the clipboard as SVG.");
    } catch (error) {
      onNotice((error as Error).message);
    }
  }

  const head = callLog !== null && (
    <>
      <p class="calls-summary">{summariseCalls(callLog.calls)}</p>
      <CacheSummary cache={callLog.cache} />
      <CallCountChange current={callLog.calls.length} previous={result?.previousCallCount ?? null} />
    </>
  );
  return (
    <Panel name="upstream-calls" title="Upstream calls" head={head} busy={running}>
      {callLog !== null && result !== null ? (
        <>
          <SequenceDiagram calls={callLog.calls} totalMs={result.exchange.durationMs} title={result.title} />
          <div class="calls-footer">
            <CallTable calls={callLog.calls} />
            <button type="button" onClick={() => void copyPicture()}>
              Copy as SVG
            </button>
            <Legend />
          </div>
        </>
      ) : (
        <>
          <SequenceDiagram calls={[]} totalMs={0} title="" />
          <p class="empty">
            {result === null
              ? "Run an operation. This panel shows each call to the Spine: the service, the start, the duration and the outcome."
              : "The response has no call log."}
          </p>
        </>
      )}
    </Panel>
  );
}

/** Compares with the previous run of the same request in the same session, which filled the session cache. */
function CallCountChange({
  current,
  previous,
}: {
  readonly current: number;
  readonly previous: number | null;
}) {
  if (previous === null) return null;
  if (previous === current) return <span class="pill">same number as the previous run</span>;
  const words = `previous run: ${plural(previous, "call")}`;
  return current < previous ? (
    <span class="pill pill-ok">
      {words}; the session cache saved {previous - current}
    </span>
  ) : (
    <span class="pill">{words}</span>
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

function CacheSummary({ cache }: { readonly cache: CallLog["cache"] }) {
  const words = summariseCache(cache);
  return words === "" ? null : (
    <p class="cache">
      <strong>Cache</strong> {words}
    </p>
  );
}
