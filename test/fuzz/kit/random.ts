import fc from "fast-check";

/** fast-check's source of values inside `fc.gen()`. */
export type Generate = fc.GeneratorValue;

const wholeNumber = (max: number) => fc.nat({ max });

/**
 * Random choices drawn through fast-check, so that it reports the seed of a failure and shrinks the choices that led to
 * it. Smaller choices are simpler ones: the first element of a list, no change.
 */
export class Random {
  readonly #generate: Generate;

  constructor(generate: Generate) {
    this.#generate = generate;
  }

  /** A whole number from 0 to limit - 1. */
  below(limit: number): number {
    return limit <= 1 ? 0 : this.#generate(wholeNumber, limit - 1);
  }

  /** True in about this share of the draws, 0 to 1. Shrinks to false. */
  isLucky(share: number): boolean {
    return this.below(1_000) >= 1_000 * (1 - share);
  }

  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new RangeError("nothing to pick from");
    return items[this.below(items.length)] as T;
  }
}
