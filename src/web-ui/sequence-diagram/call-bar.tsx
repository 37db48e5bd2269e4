import { Arrow } from "./arrow.js";
import { describeCall } from "./call-words.js";
import { outcomeTone } from "./interaction.js";
import type { Bar, Diagram } from "./layout.js";

/** The diagram takes this long to appear, whatever the duration of the request. */
const REVEAL_MS = 700;

/** The arrow from the graph to the call and the dashed arrow back. An unlabelled call has no arrow back. */
export function CallArrows({ bar, diagram }: { readonly bar: Bar; readonly diagram: Diagram }) {
  const bottom = diagram.graph.y + diagram.graph.height;
  return (
    <g class="reveal" style={revealStyle(bar.call.startedMs, diagram)}>
      <Arrow x={bar.x + 0.5} from={bottom} to={bar.y} back={false} />
      {bar.label !== undefined && bar.width > 6 && (
        <Arrow x={bar.x + bar.width - 0.5} from={bar.y} to={bottom} back={true} />
      )}
    </g>
  );
}

/** One call: a bar for its duration, and a label where there is room. */
export function CallBar({ bar, diagram }: { readonly bar: Bar; readonly diagram: Diagram }) {
  const { call, label } = bar;
  return (
    <g class={`call tone-${outcomeTone(call.outcome)}`} data-outcome={call.outcome}>
      <title>{describeCall(call)}</title>
      <rect
        class="reveal grow"
        style={revealStyle(call.startedMs, diagram)}
        x={bar.x}
        y={bar.y}
        width={bar.width}
        height={bar.height}
        rx={3}
      />
      {label !== undefined && (
        <text
          class={label.inside ? "reveal inside" : "reveal"}
          style={revealStyle(call.startedMs, diagram)}
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

function revealStyle(startedMs: number, diagram: Diagram) {
  const endMs = Math.max(1, diagram.ticks.at(-1)?.ms ?? 1);
  return { animationDelay: `${Math.round(Math.min(1, startedMs / endMs) * REVEAL_MS)}ms` };
}
