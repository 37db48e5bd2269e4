import type { Clock } from "../../platform/clock.js";

/**
 * How long ago this process first saw something, by a stopwatch: clocks are set, jump, and differ between machines, and
 * what is said to be certain must not hang on them.
 */
export class Sightings {
  readonly #seen = new Map<string, { readonly mark: string; readonly at: number }>();

  /** @param stopwatch milliseconds that only ever grow, from any beginning. */
  constructor(private readonly stopwatch: Clock) {}

  /** Counts from now. */
  note(subject: string, mark: string): void {
    this.#seen.set(subject, { mark, at: this.stopwatch.now() });
  }

  /** Milliseconds since this mark of the subject was seen first; a new mark counts from now. */
  since(subject: string, mark: string): number {
    if (this.#seen.get(subject)?.mark !== mark) this.note(subject, mark);
    return this.stopwatch.now() - (this.#seen.get(subject)?.at ?? this.stopwatch.now());
  }

  forget(subject: string): void {
    this.#seen.delete(subject);
  }
}
