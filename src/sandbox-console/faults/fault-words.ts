import { shortInteraction } from "../../web-ui/sequence-diagram/interaction.js";
import type { Delay, Fault, FaultKind, FaultResponse, ListedFault } from "../api/fault.js";
import { displayService } from "../service-words.js";

/** A fault in words: which requests, what happens, how often. */
export function describeFault(fault: Fault | ListedFault): string {
  const share =
    fault.probability === undefined ? "" : ` for ${Math.round(fault.probability * 100)} % of the calls`;
  const remaining = "remaining" in fault ? fault.remaining : fault.times;
  const count = remaining === undefined ? "" : `, ${remaining} more ${remaining === 1 ? "time" : "times"}`;
  return `${describeSelector(fault)}: ${describeKind(fault.kind)}${share}${count}`;
}

function describeSelector({ service, odsCode, interaction }: Fault): string {
  const at = odsCode === undefined ? "" : ` ${odsCode}`;
  const call = interaction === undefined ? "" : `, ${interactionWords(interaction)}`;
  return `${displayService(service)}${at}${call}`;
}

/** A fault may name the last parts of a URN only. */
function interactionWords(interaction: string): string {
  return interaction.startsWith("rest:")
    ? shortInteraction(`urn:nhs:names:services:gpconnect:fhir:${interaction}`)
    : shortInteraction(interaction);
}

/** What happens to a call. */
export function describeKind(kind: FaultKind): string {
  if (kind === "reset") return "connection reset";
  if (kind === "hang") return "no response";
  if (kind === "reset-after-commit") return "commit, then connection reset";
  if ("status" in kind) return `status ${kind.status}`;
  if ("afterCommit" in kind) return `commit, then ${describeResult(kind.afterCommit)}`;
  if ("lateCommit" in kind) {
    const { response, delayMs } = kind.lateCommit;
    const later = delayMs === undefined ? "" : ` ${describeDelay(delayMs)} later`;
    return `${describeResult(response)}, and the commit${later}`;
  }
  return `delay of ${describeDelay(kind.delayMs)}`;
}

function describeResult(result: FaultResponse | "reset" | "hang"): string {
  if (result === "reset") return "connection reset";
  return result === "hang" ? "no response" : `status ${result.status}`;
}

function describeDelay(delay: Delay): string {
  if (typeof delay === "number") return duration(delay);
  if (delay.distribution === "uniform") return `${duration(delay.minMs)} to ${duration(delay.maxMs)}`;
  return `${duration(delay.meanMs)} on average`;
}

function duration(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${ms / 1000} s`;
}
