import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { SpineCall } from "../spine-trace.js";
import { type Diagram, type Lane, layOut } from "./layout.js";
import { callWords } from "./summary.js";
import { Actors, LaneName } from "./walk-actors.js";
import { Arrows, CallBar } from "./walk-calls.js";

interface Props {
  readonly calls: readonly SpineCall[];
  readonly totalMs: number;
  readonly title: string;
}

/** The sequence diagram of a query: lanes from top to bottom, time from left to right. */
export function WalkDiagram({ calls, totalMs, title }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const diagram = useMemo(() => layOut(calls, totalMs, width), [calls, totalMs, width]);
  const idle = totalMs === 0;
  return (
    <div class={idle ? "walk-frame idle" : "walk-frame"} ref={frame}>
      <svg
        // A new walk is a new drawing, so that it appears from its beginning.
        key={`${title}${totalMs}`}
        width={width}
        height={diagram.height}
        viewBox={`0 0 ${width} ${diagram.height}`}
        role="img"
        aria-label={idle ? "No walk yet" : describe(calls, totalMs)}
      >
        {!idle && <Ticks diagram={diagram} />}
        <Actors diagram={diagram} totalMs={totalMs} title={title} idle={idle} />
        {diagram.lanes.map((lane) => (
          <LaneGround key={lane.id} lane={lane} diagram={diagram} />
        ))}
        {diagram.lanes.map((lane) =>
          lane.bars
            .filter((bar, index) => bar.label !== undefined || index === 0)
            .map((bar, index) => <Arrows key={`${lane.id}${index}`} bar={bar} diagram={diagram} />),
        )}
        {diagram.lanes.map((lane) =>
          lane.bars.map((bar, index) => <CallBar key={`${lane.id}${index}`} bar={bar} diagram={diagram} />),
        )}
        {!idle &&
          diagram.lanes
            .filter((lane) => lane.bars.length === 0)
            .map((lane) => (
              <text key={lane.id} class="not-asked" x={diagram.from + 8} y={lane.y + lane.height / 2 + 4}>
                not asked
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

function LaneGround({ lane, diagram }: { lane: Lane; diagram: Diagram }) {
  return (
    <g class="lane">
      <rect
        x={diagram.from - 4}
        y={lane.y}
        width={diagram.to - diagram.from + 8}
        height={lane.height}
        rx={4}
      />
      <LaneName name={lane.name} duty={lane.duty} y={lane.y} height={lane.height} />
    </g>
  );
}

function describe(calls: readonly SpineCall[], totalMs: number): string {
  const told = calls.slice(0, 20).map(callWords).join("; ");
  const more = calls.length > 20 ? `; and ${calls.length - 20} more` : "";
  return `Sequence of calls in ${Math.round(totalMs)} ms: ${told || "none"}${more}`;
}

/** The width of an element, followed as it changes. */
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
