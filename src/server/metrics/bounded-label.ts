/**
 * A label whose values come from outside: the first so many values keep their names, all others are `other`, so that the
 * number of time series stays bounded.
 */
export class BoundedLabel {
  readonly #known = new Set<string>();

  constructor(private readonly max: number) {}

  of(value: string): string {
    if (this.#known.has(value)) return value;
    if (this.#known.size >= this.max) return "other";
    this.#known.add(value);
    return value;
  }
}
