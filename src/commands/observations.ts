import type { Clock } from "../platform/clock.js";

/** What is observed of a key: the lease of another process's send, and the bound of a send that has ended. */
export type Observed = "lease" | "bound";

interface Seen {
  readonly mark: string;
  readonly at: number;
}

/**
 * How long ago this process first observed something, by a monotonic stopwatch. Clocks are set, jump, and differ
 * between machines; no statement about a late commit may depend on them.
 */
export class Observations {
  readonly #seen = { lease: new Map<string, Seen>(), bound: new Map<string, Seen>() };

  /** @param stopwatch milliseconds that only ever grow, from any start. */
  constructor(private readonly stopwatch: Clock) {}

  /** Starts the measurement now, or in so many milliseconds. */
  start(what: Observed, key: string, mark: string, inMs = 0): void {
    this.#seen[what].set(key, { mark, at: this.stopwatch.now() + inMs });
  }

  /** Milliseconds since this mark was first observed of the key, negative before its start. A new mark starts now. */
  since(what: Observed, key: string, mark: string): number {
    const seen = this.#seen[what].get(key);
    if (seen?.mark === mark) return this.stopwatch.now() - seen.at;
    this.start(what, key, mark);
    return 0;
  }

  forget(key: string): void {
    for (const seen of Object.values(this.#seen)) seen.delete(key);
  }

  /** Forgets every other key. */
  retain(isRetained: (key: string) => boolean): void {
    for (const seen of Object.values(this.#seen)) {
      for (const key of seen.keys()) if (!isRetained(key)) seen.delete(key);
    }
  }
}
