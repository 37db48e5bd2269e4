import { Arrow } from "./arrow.js";
import type { Diagram } from "./layout.js";

interface ActorsProps {
  readonly diagram: Diagram;
  readonly totalMs: number;
  readonly title: string;
  readonly idle: boolean;
}

/** The client and the graph. Both are active for the whole request. */
export function Actors({ diagram, totalMs, title, idle }: ActorsProps) {
  const { client, graph, from, to } = diagram;
  const gap = [client.y + client.height, graph.y] as const;
  return (
    <g class="actors">
      <LifelineName name="App" purpose="client" y={client.y} height={client.height} />
      <LifelineName name="Graph" purpose="this server" y={graph.y} height={graph.height} />
      <rect class="client" x={from} y={client.y} width={to - from} height={client.height} rx={4} />
      <rect class="graph" x={from} y={graph.y} width={to - from} height={graph.height} rx={4} />
      {!idle && (
        <>
          <text class="request-text" x={from + 8} y={client.y + 15}>
            {truncate(title, (to - from - 90) / 7)}
          </text>
          <text class="request-text" x={to - 8} y={client.y + 15} text-anchor="end">
            {Math.round(totalMs)} ms
          </text>
          <Arrow x={from + 5} from={gap[0]} to={gap[1]} back={false} />
          <Arrow x={to - 5} from={gap[1]} to={gap[0]} back={true} />
        </>
      )}
    </g>
  );
}

/** The name of a lifeline and, in a wide diagram, what the service is for. */
export function LifelineName({
  name,
  purpose,
  y,
  height,
}: {
  name: string;
  purpose: string;
  y: number;
  height: number;
}) {
  const middle = y + Math.min(height, 46) / 2;
  return (
    <g class="lifeline-name">
      <text x={4} y={middle + 4}>
        {name}
      </text>
      <text class="lifeline-purpose" x={52} y={middle + 4}>
        {purpose}
      </text>
    </g>
  );
}

function truncate(text: string, maxLength: number): string {
  return text.length <= maxLength ? text : `${text.slice(0, Math.max(1, Math.floor(maxLength) - 1))}…`;
}
