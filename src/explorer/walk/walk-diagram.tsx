import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { SpineCall } from "../spine-trace.js";
import { outcomeTone, shortInteraction } from "./interaction.js";
import { type Bar, type Diagram, type Lane, layOut } from "./layout.js";
import { serviceName } from "./summary.js";

interface Props {
  readonly calls: readonly SpineCall[];
  readonly totalMs: number;
  readonly title: string;
}

/** How long the drawing takes to appear, whatever the query took. */
const REVEAL_MS = 700;

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
          <LaneGround key={lane.id} lane={lane} diagram={diagram} idle={idle} />
        ))}
        {diagram.lanes.map((lane) =>
          lane.bars
            .filter((bar, index) => bar.label !== undefined || index === 0)
            .map((bar, index) => <Arrows key={`${lane.id}${index}`} bar={bar} diagram={diagram} />),
        )}
        {diagram.lanes.map((lane) =>
          lane.bars.map((bar, index) => <CallBar key={`${lane.id}${index}`} bar={bar} diagram={diagram} />),
        )}
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

interface ActorsProps {
  readonly diagram: Diagram;
  readonly totalMs: number;
  readonly title: string;
  readonly idle: boolean;
}

/** The app that asks and the graph that walks for it: both are busy for the whole of the query. */
function Actors({ diagram, totalMs, title, idle }: ActorsProps) {
  const { app, graph, from, to } = diagram;
  const gap = [app.y + app.height, graph.y] as const;
  return (
    <g class="actors">
      <LaneName name="App" duty="asks" y={app.y} height={app.height} />
      <LaneName name="Graph" duty="walks" y={graph.y} height={graph.height} />
      <rect class="app" x={from} y={app.y} width={to - from} height={app.height} rx={4} />
      <rect class="graph" x={from} y={graph.y} width={to - from} height={graph.height} rx={4} />
      {!idle && (
        <>
          <text class="app-words" x={from + 8} y={app.y + 15}>
            {clip(title, (to - from - 90) / 7)}
          </text>
          <text class="app-words" x={to - 8} y={app.y + 15} text-anchor="end">
            {Math.round(totalMs)} ms
          </text>
          <Arrow x={from + 5} from={gap[0]} to={gap[1]} back={false} />
          <Arrow x={to - 5} from={gap[1]} to={gap[0]} back={true} />
        </>
      )}
    </g>
  );
}

function LaneGround({ lane, diagram, idle }: { lane: Lane; diagram: Diagram; idle: boolean }) {
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
      {lane.bars.length === 0 && !idle && (
        <text class="not-asked" x={diagram.from + 8} y={lane.y + lane.height / 2 + 4}>
          not asked
        </text>
      )}
    </g>
  );
}

function LaneName({ name, duty, y, height }: { name: string; duty: string; y: number; height: number }) {
  const middle = y + Math.min(height, 46) / 2;
  return (
    <g class="lane-name">
      <text x={4} y={middle + 4}>
        {name}
      </text>
      <text class="lane-duty" x={52} y={middle + 4}>
        {duty}
      </text>
    </g>
  );
}

/** From the graph down to the call and, dashed, back. In a crowded lane the first stands for all. */
function Arrows({ bar, diagram }: { readonly bar: Bar; readonly diagram: Diagram }) {
  const bottom = diagram.graph.y + diagram.graph.height;
  return (
    <g class="reveal" style={revealAt(bar.call.startedMs, diagram)}>
      <Arrow x={bar.x + 0.5} from={bottom} to={bar.y} back={false} />
      {bar.label !== undefined && bar.width > 6 && (
        <Arrow x={bar.x + bar.width - 0.5} from={bar.y} to={bottom} back={true} />
      )}
    </g>
  );
}

function Arrow({ x, from, to, back }: { x: number; from: number; to: number; back: boolean }) {
  const tip = to > from ? -5 : 5;
  return (
    <g class={back ? "arrow back" : "arrow"}>
      <line x1={x} x2={x} y1={from} y2={to} />
      <path d={`M${x - 3} ${to + tip}L${x} ${to}L${x + 3} ${to + tip}`} />
    </g>
  );
}

function CallBar({ bar, diagram }: { readonly bar: Bar; readonly diagram: Diagram }) {
  const { call, label } = bar;
  return (
    <g class={`call tone-${outcomeTone(call.outcome)}`} data-outcome={call.outcome}>
      <title>{callWords(call)}</title>
      <rect
        class="reveal grow"
        style={revealAt(call.startedMs, diagram)}
        x={bar.x}
        y={bar.y}
        width={bar.width}
        height={bar.height}
        rx={3}
      />
      {label !== undefined && (
        <text
          class={label.inside ? "reveal inside" : "reveal"}
          style={revealAt(call.startedMs, diagram)}
          x={label.x}
          y={bar.y + bar.height / 2 + 4}
          text-anchor={label.anchor}
        >
          {label.text}
        </text>
      )}
    </g>
  );
}

function revealAt(startedMs: number, diagram: Diagram) {
  const endMs = Math.max(1, diagram.ticks.at(-1)?.ms ?? 1);
  return { animationDelay: `${Math.round(Math.min(1, startedMs / endMs) * REVEAL_MS)}ms` };
}

function callWords(call: SpineCall): string {
  const to = call.target === null ? "" : ` for ${call.target}`;
  const times = `from ${Math.round(call.startedMs)} ms, ${Math.round(call.durationMs)} ms long`;
  return `${serviceName(call.service)} ${shortInteraction(call.interaction)}${to}, ${times}: ${call.outcome}`;
}

function describe(calls: readonly SpineCall[], totalMs: number): string {
  const told = calls.slice(0, 20).map(callWords).join("; ");
  const more = calls.length > 20 ? `; and ${calls.length - 20} more` : "";
  return `Sequence of calls in ${Math.round(totalMs)} ms: ${told || "none"}${more}`;
}

function clip(text: string, letters: number): string {
  return text.length <= letters ? text : `${text.slice(0, Math.max(1, Math.floor(letters) - 1))}…`;
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
