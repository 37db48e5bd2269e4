import { AggregatorRegistry, type Registry } from "prom-client";
import type { MetricValues } from "./calls.js";

/**
 * The sum of the metrics of several processes. What has been reported of an ended process stays part of the sum:
 * otherwise every counter would fall when a process ends, and a falling counter reads as a restart of all of them.
 */
export class MetricsSum {
  readonly #reported = new Map<number, MetricValues>();
  #ended: MetricValues = [];

  /** @param current the values of each process. One that did not respond is counted as it was last reported. */
  async toText(current: ReadonlyMap<number, MetricValues | undefined>): Promise<string> {
    for (const [process, values] of current) if (values !== undefined) this.#reported.set(process, values);
    return sum([...this.#reported.values(), this.#ended]).metrics();
  }

  /** The process has ended: what it counted stays, and its state is no more. */
  async end(process: number): Promise<void> {
    const last = this.#reported.get(process);
    this.#reported.delete(process);
    if (last === undefined) return;
    const counted = last.filter(({ type }) => COUNTED.has(type));
    this.#ended = await sum([this.#ended, counted]).getMetricsAsJSON();
  }
}

/** The declared type is a number, and the real one a word. */
const COUNTED = new Set<unknown>(["counter", "histogram"]);

function sum(all: readonly MetricValues[]): Registry {
  return AggregatorRegistry.aggregate([...all]);
}
