import { type Clock, systemClock } from "../../platform/clock.js";

/** A clock that can be set, advanced and frozen. It starts at the time of its source and runs with it. */
export class SandboxClock implements Clock {
  #offsetMs = 0;
  #frozenAtMs: number | undefined;

  constructor(private readonly source: Clock = systemClock) {}

  now(): number {
    return this.#frozenAtMs ?? this.source.now() + this.#offsetMs;
  }

  get isFrozen(): boolean {
    return this.#frozenAtMs !== undefined;
  }

  /** Sets the time. A frozen clock stays frozen. */
  set(epochMs: number): void {
    if (this.isFrozen) this.#frozenAtMs = epochMs;
    else this.#offsetMs = epochMs - this.source.now();
  }

  /** Moves the time. Negative values move it back. */
  advance(ms: number): void {
    this.set(this.now() + ms);
  }

  /** Stops the clock at the current time. */
  freeze(): void {
    this.#frozenAtMs ??= this.now();
  }

  /** Lets a frozen clock run on from the time at which it stands. */
  resume(): void {
    if (this.#frozenAtMs === undefined) return;
    const stoodAt = this.#frozenAtMs;
    this.#frozenAtMs = undefined;
    this.set(stoodAt);
  }

  /** Returns to the time of the source. */
  reset(): void {
    this.#offsetMs = 0;
    this.#frozenAtMs = undefined;
  }
}
