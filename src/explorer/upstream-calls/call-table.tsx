import { plural } from "../../web-ui/plural.js";
import { serviceName } from "../../web-ui/sequence-diagram/call-words.js";
import { shortInteraction } from "../../web-ui/sequence-diagram/interaction.js";
import type { UpstreamCall } from "../../web-ui/sequence-diagram/upstream-call.js";
import { type Column, Table } from "../../web-ui/table.js";

const COLUMNS: readonly Column<UpstreamCall>[] = [
  { title: "Service", cell: (call) => serviceName(call.service) },
  {
    title: "Interaction",
    cell: (call) => shortInteraction(call.interaction),
    tooltip: (call) => call.interaction,
  },
  { title: "Target", cell: (call) => call.target ?? "–" },
  { title: "Started", numeric: true, cell: (call) => `${Math.round(call.startedMs)} ms` },
  { title: "Took", numeric: true, cell: (call) => `${Math.round(call.durationMs)} ms` },
  { title: "Outcome", cell: (call) => call.outcome },
];

/** The upstream calls as a table: all that the diagram shows, and the full name of each interaction. */
export function CallTable({ calls }: { readonly calls: readonly UpstreamCall[] }) {
  if (calls.length === 0) return null;
  return (
    <details class="call-table">
      <summary>Show {plural(calls.length, "call")} as a table</summary>
      <Table label="Calls" columns={COLUMNS} rows={calls} />
    </details>
  );
}
