import { Arrow } from "./arrow.js";
import type { Diagram } from "./layout.js";

interface ActorsProps {
  readonly diagram: Diagram;
  readonly totalMs: number;
  readonly title: string;
  readonly idle: boolean;
}

/** The app that asks and the graph that walks for it: both are busy for the whole of the query. */
export function Actors({ diagram, totalMs, title, idle }: ActorsProps) {
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

/** A lane's name at the left, and in a wide drawing what the lane is for. */
export function LaneName({
  name,
  duty,
  y,
  height,
}: {
  name: string;
  duty: string;
  y: number;
  height: number;
}) {
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

function clip(text: string, letters: number): string {
  return text.length <= letters ? text : `${text.slice(0, Math.max(1, Math.floor(letters) - 1))}…`;
}
