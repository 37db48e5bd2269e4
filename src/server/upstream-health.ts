import type { CallRecord } from "../platform/telemetry/call-log.js";

const SERVICES = ["PDS", "SDS", "SSP", "VM"] as const;
type Service = (typeof SERVICES)[number];

/** The last observed status of a service: not called yet, responding, or not responding. */
export type ServiceStatus = "unknown" | "up" | "down";

/** Outcomes of calls without a response. A refusal is a response. */
const NO_RESPONSE = new Set(["UPSTREAM_TIMEOUT", "UPSTREAM_UNAVAILABLE"]);

/** Keeps the last observed status of each upstream, from the calls of requests. Never calls an upstream itself. */
export class UpstreamHealth {
  readonly #status = new Map<Service, ServiceStatus>(SERVICES.map((service) => [service, "unknown"]));

  observe({ service, outcome }: CallRecord): void {
    const observed = SERVICES.find((name) => name === service);
    if (observed) this.#status.set(observed, NO_RESPONSE.has(outcome) ? "down" : "up");
  }

  get upstreams(): Record<Service, ServiceStatus> {
    return Object.fromEntries(this.#status) as Record<Service, ServiceStatus>;
  }
}
