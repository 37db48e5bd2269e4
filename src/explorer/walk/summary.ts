import type { SpineCall, SpineTrace } from "../spine-trace.js";

const NAMES: Readonly<Record<string, string>> = { VM: "V&M", TOKEN: "token" };

/** A service as people call it. */
export function serviceName(service: string): string {
  return NAMES[service] ?? service;
}

/** How many calls went to each service, in order of first call. */
export function countByService(calls: readonly SpineCall[]): { service: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const call of calls) counts.set(call.service, (counts.get(call.service) ?? 0) + 1);
  return [...counts].map(([service, count]) => ({ service, count }));
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
