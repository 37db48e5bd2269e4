import type { CallRecord } from "../platform/telemetry/call-log.js";

const SERVICES = ["PDS", "SDS", "SSP", "VM"] as const;
type Service = (typeof SERVICES)[number];

/** What was last seen of a service: nothing yet, an answer of any kind, or no answer. */
export type Seen = "unknown" | "up" | "down";

/** Outcomes that mean that the service itself did not answer; a refusal is an answer. */
const SILENT = new Set(["UPSTREAM_TIMEOUT", "UPSTREAM_UNAVAILABLE"]);

/** Remembers how each upstream answered last. Never calls one. */
export class UpstreamHealth {
  readonly #seen = new Map<Service, Seen>(SERVICES.map((service) => [service, "unknown"]));

  note({ service, outcome }: CallRecord): void {
    if (service === "TOKEN") return;
    this.#seen.set(service, SILENT.has(outcome) ? "down" : "up");
  }

  get upstreams(): Record<Service, Seen> {
    return Object.fromEntries(this.#seen) as Record<Service, Seen>;
  }
}
