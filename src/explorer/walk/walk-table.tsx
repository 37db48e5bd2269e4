import type { SpineCall } from "../spine-trace.js";
import { shortInteraction } from "./interaction.js";
import { plural, serviceName } from "./summary.js";

/** The walk in words and numbers: every fact of the drawing, and the full name of each interaction. */
export function WalkTable({ calls }: { readonly calls: readonly SpineCall[] }) {
  if (calls.length === 0) return null;
  return (
    <details class="walk-table">
      <summary>The {plural(calls.length, "call")} as a table</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be within reach of the keyboard. */}
      <section class="scroll" tabIndex={0} aria-label="Calls">
        <table>
          <thead>
            <tr>
              <th scope="col">Service</th>
              <th scope="col">Interaction</th>
              <th scope="col">Target</th>
              <th scope="col" class="number">
                Started
              </th>
              <th scope="col" class="number">
                Took
              </th>
              <th scope="col">Outcome</th>
            </tr>
          </thead>
          <tbody>
            {calls.map((call, index) => (
              <tr key={index}>
                <th scope="row">{serviceName(call.service)}</th>
                <td title={call.interaction}>{shortInteraction(call.interaction)}</td>
                <td>{call.target ?? "–"}</td>
                <td class="number">{Math.round(call.startedMs)} ms</td>
                <td class="number">{Math.round(call.durationMs)} ms</td>
                <td>{call.outcome}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}
