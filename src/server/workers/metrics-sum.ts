import { AggregatorRegistry, type Registry } from "prom-client";
import type { MetricValues } from "./calls.js";

/** The declared type is a number, and the real one a word. */
const COUNTED = new Set<unknown>(["counter", "histogram"]);
/** Beyond so many ended processes their counts are added up once and for all. */
const MAX_ENDED = 8;

/**
 * The sum of the metrics of several processes. What has been reported of an ended process stays part of the sum:
 * otherwise every counter would fall when a process ends, and a falling counter reads as a restart of all of them.
 */
export class MetricsSum {
  readonly #reported = new Map<number, MetricValues>();
  readonly #endedIds = new Set<number>();
  #ended: readonly MetricValues[] = [];

  /**
   * @param current the values of each process. One that did not respond is counted as it was last reported, and one that
   *   has ended since as it was last reported before its end.
   */
  async toText(current: ReadonlyMap<number, MetricValues | undefined>): Promise<string> {
    for (const [process, values] of current) {
      if (values !== undefined && !this.#endedIds.has(process)) this.#reported.set(process, values);
    }
    const text = sum([...this.#reported.values(), ...this.#ended]).metrics();
    await this.#compact();
    return text;
  }

  /** The process has ended: what it counted stays, and its state is no more. Its number is never used again. */
  end(process: number): void {
    const last = this.#reported.get(process);
    this.#reported.delete(process);
    this.#endedIds.add(process);
    if (last !== undefined) this.#ended = [...this.#ended, last.filter(({ type }) => COUNTED.has(type))];
  }

  async #compact(): Promise<void> {
    const ended = this.#ended;
    if (ended.length <= MAX_ENDED) return;
    const together = await sum(ended).getMetricsAsJSON();
    // Another process may have ended meanwhile. Then the next time serves.
    if (this.#ended === ended) this.#ended = [together];
  }
}

function sum(all: readonly MetricValues[]): Registry {
  return AggregatorRegistry.aggregate([...all]);
}
