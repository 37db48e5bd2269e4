/** Chance that can be had again: the same draws for the same seed (mulberry32). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 up to 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from 0 up to, but not, the limit. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  isLucky(share: number): boolean {
    return this.next() < share;
  }

  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new RangeError("nothing to pick from");
    return items[this.below(items.length)] as T;
  }
}

/** A seed of its own for each document of a run, so that any one of them can be made again alone. */
export function seedOf(run: number, upstream: string, index: number): number {
  let hash = run >>> 0;
  for (const part of `${upstream}#${index}`) {
    hash = Math.imul(hash ^ (part.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  return hash;
}
