import { plural } from "../plural.js";
import { shortInteraction } from "./interaction.js";
import type { UpstreamCall } from "./upstream-call.js";

const DISPLAY_NAMES: Readonly<Record<string, string>> = { VM: "V&M", TOKEN: "token" };

/** The name of a service as people write it. */
export function serviceName(service: string): string {
  return DISPLAY_NAMES[service] ?? service;
}

const SERVICE_ORDER = ["PDS", "TOKEN", "SDS", "SSP", "VM"];

/** Sorts services in the order of the lifelines. An unknown service comes first. */
export function sortServices(services: Iterable<string>): string[] {
  return [...services].sort((one, other) => SERVICE_ORDER.indexOf(one) - SERVICE_ORDER.indexOf(other));
}

/** The number of calls to each service, in the order of the lifelines. */
export function countByService(calls: readonly UpstreamCall[]): { service: string; count: number }[] {
  const services = sortServices(new Set(calls.map(({ service }) => service)));
  return services.map((service) => ({
    service,
    count: calls.filter((call) => call.service === service).length,
  }));
}

/** The largest number of calls in flight at one moment. */
export function maxConcurrentCalls(calls: readonly UpstreamCall[]): number {
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

/** One sentence about all calls of a request. */
export function summariseCalls(calls: readonly UpstreamCall[]): string {
  if (calls.length === 0)
    return "No upstream call: the query needed none, or the session cache had the data.";
  const parts = countByService(calls).map(({ service, count }) => `${count} ${serviceName(service)}`);
  const concurrent = maxConcurrentCalls(calls);
  return `${plural(calls.length, "call")}: ${parts.join(", ")}${concurrent > 1 ? `; at most ${concurrent} at the same time` : ""}.`;
}

/** One call in full, in words. */
export function describeCall(call: UpstreamCall): string {
  const to = call.target === null ? "" : ` for ${call.target}`;
  const times = `started at ${Math.round(call.startedMs)} ms, took ${Math.round(call.durationMs)} ms`;
  return `${serviceName(call.service)} ${shortInteraction(call.interaction)}${to}, ${times}: ${call.outcome}`;
}
