import type { OutboundCall } from "./pipeline.js";

/**
 * The retries of one request for one destination. Once a call has used all its retries in vain, the request's later
 * calls there are sent once, until one succeeds. So steps that follow one another do not each wait in vain, and one
 * operation makes few retries.
 */
export class RetryBudget {
  // The signal stands for the request: all its calls carry the same signal, and the entry goes with it.
  readonly #spent = new WeakMap<AbortSignal, Set<string>>();

  isSpent({ signal }: OutboundCall, destination: string): boolean {
    return this.#spent.get(signal)?.has(destination) ?? false;
  }

  spend({ signal }: OutboundCall, destination: string): void {
    const destinations = this.#spent.get(signal) ?? new Set();
    this.#spent.set(signal, destinations.add(destination));
  }

  restore({ signal }: OutboundCall, destination: string): void {
    this.#spent.get(signal)?.delete(destination);
  }
}
