import { BUDGET_GUARD_MS, BUDGET_WINDOW_MS } from "./numbers.js";

/** Where the right to send one request is taken from: this process's own budget, or one shared by the deployment. */
export interface PermitSource {
  /**
   * Never rejects.
   *
   * @returns 0 when a permit has been taken; else the milliseconds after which to ask again, none taken.
   */
  take(): number | Promise<number>;
}

export interface Budget {
  /** At most so many requests in any window. */
  readonly limit: number;
  readonly windowMs: number;
  /** The least time between two of them. */
  readonly gapMs: number;
}

/**
 * So many requests in any second, wherever the second begins. The window is a little longer than a second, since the
 * upstream counts when they arrive, and two may take different times to leave.
 *
 * @param spikeFactor how many times its steady rate the upstream bears at once; left out, any burst within the limit.
 */
export function budgetPerSecond(limit: number, spikeFactor?: number): Budget {
  const gapMs = spikeFactor === undefined ? 0 : BUDGET_WINDOW_MS / (limit * spikeFactor);
  return { limit, gapMs, windowMs: BUDGET_WINDOW_MS + BUDGET_GUARD_MS };
}

/** The budget of this process: a log of what was sent in the last window, so that no window can be overdrawn. */
export class SlidingLog implements PermitSource {
  readonly #sentAt: number[] = [];

  constructor(private readonly budget: Budget) {}

  take(): number {
    const now = performance.now();
    const wait = this.#waitFrom(now);
    if (wait <= 0) this.#sentAt.push(now);
    return wait;
  }

  #waitFrom(now: number): number {
    const { limit, windowMs, gapMs } = this.budget;
    while (this.#sentAt[0] !== undefined && this.#sentAt[0] + windowMs <= now) this.#sentAt.shift();
    // The one that must have left the window first.
    const blocking = this.#sentAt[this.#sentAt.length - limit];
    const last = this.#sentAt.at(-1);
    const forWindow = blocking === undefined ? 0 : blocking + windowMs - now;
    const forGap = last === undefined ? 0 : last + gapMs - now;
    return Math.max(0, forWindow, forGap);
  }
}
