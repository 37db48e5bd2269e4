import type { Clock } from "../platform/clock.js";

/**
 * How long ago this process first observed something, by a monotonic stopwatch. Clocks are set, jump, and differ
 * between machines; no statement about a late commit may depend on them.
 */
export class Observations {
  readonly #seen = new Map<string, { readonly mark: string; readonly at: number }>();

  /** @param stopwatch milliseconds that only ever grow, from any start. */
  constructor(private readonly stopwatch: Clock) {}

  /** Starts the measurement now, or in so many milliseconds. */
  start(subject: string, mark: string, inMs = 0): void {
    this.#seen.set(subject, { mark, at: this.stopwatch.now() + inMs });
  }

  /** Milliseconds since this mark of the subject was first observed, negative before its start. A new mark starts now. */
  since(subject: string, mark: string): number {
    if (this.#seen.get(subject)?.mark !== mark) this.start(subject, mark);
    return this.stopwatch.now() - (this.#seen.get(subject)?.at ?? this.stopwatch.now());
  }

  forget(subject: string): void {
    this.#seen.delete(subject);
  }
}
