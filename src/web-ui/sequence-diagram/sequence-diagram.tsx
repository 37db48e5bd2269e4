import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Actors, LifelineName } from "./actors.js";
import { CallArrows, CallBar } from "./call-bar.js";
import { describeCall } from "./call-words.js";
import { type Diagram, type Lifeline, layOutDiagram } from "./layout.js";
import type { UpstreamCall } from "./upstream-call.js";

interface Props {
  readonly calls: readonly UpstreamCall[];
  /** The duration of the whole request; zero while there is none to draw. */
  readonly totalMs: number;
  readonly title: string;
}

/** The sequence diagram of a request: lifelines from top to bottom, time from left to right. */
export function SequenceDiagram({ calls, totalMs, title }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const diagram = useMemo(() => layOutDiagram(calls, totalMs, width), [calls, totalMs, width]);
  const idle = totalMs === 0;
  return (
    <div class={idle ? "sequence-diagram idle" : "sequence-diagram"} ref={frame}>
      <svg
        // A new key restarts the animation for each request.
        key={`${title}${totalMs}`}
        width={width}
        height={diagram.height}
        viewBox={`0 0 ${width} ${diagram.height}`}
        role="img"
        aria-label={idle ? "No request yet" : describe(calls, totalMs)}
      >
        {!idle && <Ticks diagram={diagram} />}
        <Actors diagram={diagram} totalMs={totalMs} title={title} idle={idle} />
        {diagram.lifelines.map((lifeline) => (
          <LifelineBackground key={lifeline.id} lifeline={lifeline} diagram={diagram} />
        ))}
        {diagram.lifelines.map((lifeline) =>
          lifeline.bars
            .filter((bar, index) => bar.label !== undefined || index === 0)
            .map((bar, index) => <CallArrows key={`${lifeline.id}${index}`} bar={bar} diagram={diagram} />),
        )}
        {diagram.lifelines.map((lifeline) =>
          lifeline.bars.map((bar, index) => (
            <CallBar key={`${lifeline.id}${index}`} bar={bar} diagram={diagram} />
          )),
        )}
        {!idle &&
          diagram.lifelines
            .filter((lifeline) => lifeline.bars.length === 0)
            .map((lifeline) => (
              <text
                key={lifeline.id}
                class="not-called"
                x={diagram.from + 8}
                y={lifeline.y + lifeline.height / 2 + 4}
              >
                not called
              </text>
            ))}
      </svg>
    </div>
  );
}

function Ticks({ diagram }: { readonly diagram: Diagram }) {
  return (
    <g class="ticks">
      {diagram.ticks.map(({ x, ms }) => (
        <g key={ms}>
          <line x1={x} x2={x} y1={18} y2={diagram.height} />
          <text x={x} y={12} text-anchor={x > diagram.to - 30 ? "end" : "middle"}>
            {ms === 0 ? "0" : `${ms} ms`}
          </text>
        </g>
      ))}
    </g>
  );
}

function LifelineBackground({ lifeline, diagram }: { lifeline: Lifeline; diagram: Diagram }) {
  return (
    <g class="lifeline">
      <rect
        x={diagram.from - 4}
        y={lifeline.y}
        width={diagram.to - diagram.from + 8}
        height={lifeline.height}
        rx={4}
      />
      <LifelineName name={lifeline.name} purpose={lifeline.purpose} y={lifeline.y} height={lifeline.height} />
    </g>
  );
}

function describe(calls: readonly UpstreamCall[], totalMs: number): string {
  const described = calls.slice(0, 20).map(describeCall).join("; ");
  const more = calls.length > 20 ? `; and ${calls.length - 20} more` : "";
  return `Sequence of upstream calls in ${Math.round(totalMs)} ms: ${described || "none"}${more}`;
}

/** The current width of an element. */
function useWidth(element: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(640);
  useEffect(() => {
    if (element.current === null) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined) setWidth(Math.max(280, Math.floor(entry.contentRect.width)));
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
  return width;
}
