import type { CallRecord } from "../platform/telemetry/call-log.js";

const SERVICES = ["PDS", "SDS", "SSP", "VM"] as const;
export type Service = (typeof SERVICES)[number];

/** The last observed status of a service: not called yet, responding, or not responding. */
export type ServiceStatus = "unknown" | "up" | "down";

/** Outcomes of calls without a response. A refusal is a response. */
const NO_RESPONSE = new Set(["UPSTREAM_TIMEOUT", "UPSTREAM_UNAVAILABLE"]);

/** Keeps the last observed status of each upstream, from the calls of requests. Never calls an upstream itself. */
export class UpstreamHealth {
  readonly #status = new Map<Service, ServiceStatus>(SERVICES.map((service) => [service, "unknown"]));

  /** Called when an observation of this process changes a status. */
  onChange: ((service: Service, status: ServiceStatus) => void) | undefined;

  observe({ service, outcome }: CallRecord): void {
    const observed = SERVICES.find((name) => name === service);
    if (observed === undefined) return;
    const status = NO_RESPONSE.has(outcome) ? "down" : "up";
    if (this.#status.get(observed) === status) return;
    this.#status.set(observed, status);
    this.onChange?.(observed, status);
  }

  /** Takes over what another process has observed. */
  adopt(service: Service, status: ServiceStatus): void {
    this.#status.set(service, status);
  }

  get upstreams(): Record<Service, ServiceStatus> {
    return Object.fromEntries(this.#status) as Record<Service, ServiceStatus>;
  }
}
