import type { TrafficCall } from "./traffic.js";

/**
 * What one request has given up asking, after all repeats: its next call there is made once only, until one succeeds.
 * Thus steps that follow one another do not each wait in vain, and one operation's repeats stay few.
 */
export class GivenUp {
  // The signal stands for the request: all its calls carry the same, and it dies with it.
  readonly #byRequest = new WeakMap<AbortSignal, Set<string>>();

  has(call: TrafficCall): boolean {
    return this.#byRequest.get(call.signal)?.has(roadOf(call)) ?? false;
  }

  add(call: TrafficCall): void {
    const roads = this.#byRequest.get(call.signal) ?? new Set();
    this.#byRequest.set(call.signal, roads.add(roadOf(call)));
  }

  delete(call: TrafficCall): void {
    this.#byRequest.get(call.signal)?.delete(roadOf(call));
  }
}

function roadOf({ service, target }: TrafficCall): string {
  return service === "SSP" ? `${service} ${target}` : service;
}
