import { performance } from "node:perf_hooks";
import { summarise } from "../kit/statistics.js";
import type { Condition, Counts, Service } from "./upstreams.js";

/** Counts the requests to a simulated upstream, and measures its load and punctuality. */
export class Gauge {
  #counts = zero();
  #requests = 0;
  #lateness: number[] = [];
  #since = performance.eventLoopUtilization();

  count(service: Service): void {
    this.#counts[service] += 1;
    this.#requests += 1;
  }

  /** Records that a response left later than its set time. */
  noteLateness(ms: number): void {
    this.#lateness.push(ms);
  }

  takeCounts(): Counts {
    const counts = this.#counts;
    this.#counts = zero();
    return counts;
  }

  takeCondition(): Condition {
    const now = performance.eventLoopUtilization();
    const condition = {
      requests: this.#requests,
      busy: performance.eventLoopUtilization(now, this.#since).utilization,
      lateness: this.#lateness.length > 0 ? summarise(this.#lateness) : undefined,
    };
    this.#requests = 0;
    this.#lateness = [];
    this.#since = now;
    return condition;
  }
}

function zero(): Record<Service, number> {
  return { PDS: 0, SDS: 0, SSP: 0, VM: 0 };
}
