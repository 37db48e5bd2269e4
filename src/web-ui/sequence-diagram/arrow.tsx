/** A vertical arrow between two lifelines. The arrow of a response is dashed. */
export function Arrow({ x, from, to, back }: { x: number; from: number; to: number; back: boolean }) {
  const tip = to > from ? -5 : 5;
  return (
    <g class={back ? "arrow back" : "arrow"}>
      <line x1={x} x2={x} y1={from} y2={to} />
      <path d={`M${x - 3} ${to + tip}L${x} ${to}L${x + 3} ${to + tip}`} />
    </g>
  );
}
