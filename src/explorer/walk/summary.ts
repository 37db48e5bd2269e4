import type { SpineCall, SpineTrace } from "../spine-trace.js";
import { shortInteraction } from "./interaction.js";

const NAMES: Readonly<Record<string, string>> = { VM: "V&M", TOKEN: "token" };

/** A service as people call it. */
export function serviceName(service: string): string {
  return NAMES[service] ?? service;
}

const ORDER = ["PDS", "TOKEN", "SDS", "SSP", "VM"];

/** Services always in the order of the lanes; one that is not known comes first. */
export function inLaneOrder(services: Iterable<string>): string[] {
  return [...services].sort((one, other) => ORDER.indexOf(one) - ORDER.indexOf(other));
}

/** How many calls went to each service. */
export function countByService(calls: readonly SpineCall[]): { service: string; count: number }[] {
  const services = inLaneOrder(new Set(calls.map(({ service }) => service)));
  return services.map((service) => ({
    service,
    count: calls.filter((call) => call.service === service).length,
  }));
}

/** The cache's part in one line, and nothing where it played none. */
export function cacheWords({ cache }: SpineTrace): string {
  return inLaneOrder(Object.keys(cache))
    .flatMap((service) => {
      const { hits = 0, misses = 0, shared = 0 } = cache[service] ?? {};
      const parts = [
        hits > 0 && plural(hits, "hit"),
        misses > 0 && plural(misses, "miss", "misses"),
        shared > 0 && `${shared} shared`,
      ].filter((part) => part !== false);
      return parts.length === 0 ? [] : [`${serviceName(service)} ${parts.join(", ")}`];
    })
    .join(" · ");
}

/** The most calls that were under way at one moment. */
export function mostAtOnce(calls: readonly SpineCall[]): number {
  return Math.max(
    0,
    ...calls.map(
      (one) =>
        calls.filter(
          (other) =>
            other.startedMs <= one.startedMs &&
            one.startedMs < other.startedMs + Math.max(1, other.durationMs),
        ).length,
    ),
  );
}

/** The walk in one sentence. */
export function walkSentence(trace: SpineTrace): string {
  const { calls } = trace;
  if (calls.length === 0)
    return "No call left the graph: nothing was needed, or this session's cache had it.";
  const parts = countByService(calls).map(({ service, count }) => `${count} ${serviceName(service)}`);
  const together = mostAtOnce(calls);
  return `${plural(calls.length, "call")}: ${parts.join(", ")}${together > 1 ? `; ${together} at the same time at most` : ""}.`;
}

/** `1 call`, `2 calls`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** One call in full. */
export function callWords(call: SpineCall): string {
  const to = call.target === null ? "" : ` for ${call.target}`;
  const times = `from ${Math.round(call.startedMs)} ms, ${Math.round(call.durationMs)} ms long`;
  return `${serviceName(call.service)} ${shortInteraction(call.interaction)}${to}, ${times}: ${call.outcome}`;
}
