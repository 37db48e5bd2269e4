import type { Cost } from "./cost.js";

/** What the operation would cost, before it runs. The Run button refers to it as its description. */
export function CostLine({ cost, id }: { readonly cost: Cost; readonly id: string }) {
  if (cost.kind === "refused") {
    return (
      <p class="cost-line cost-refused" id={id}>
        Would be refused: {cost.message}
      </p>
    );
  }
  return (
    <p class="cost-line" id={id}>
      {cost.kind === "price"
        ? `Cost: ${cost.price.toLocaleString("en-GB")} (limit ${cost.limit.toLocaleString("en-GB")})`
        : "The cost is not known."}
    </p>
  );
}
