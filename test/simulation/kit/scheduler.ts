interface Timer {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/**
 * Virtual time. Nothing sleeps: when no work is left at the current time, time moves to the next timer. Timers of the same
 * time run in the order in which they were set, so a run depends on its seed only.
 */
export class Scheduler {
  #now: number;
  #order = 0;
  readonly #heap: Timer[] = [];
  readonly #held = new Set<Promise<unknown>>();

  constructor(start: number) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): void {
    this.#push({ at: this.#now + Math.max(0, ms), order: ++this.#order, run });
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.after(ms, resolve));
  }

  /** Stops time during real work, such as a write to a file. */
  hold<T>(work: Promise<T>): Promise<T> {
    this.#held.add(work);
    const release = () => void this.#held.delete(work);
    work.then(release, release);
    return work;
  }

  /** Runs all timers up to a time, and stops there. */
  async runUntil(end: number): Promise<void> {
    await this.#drain();
    for (let next = this.#heap[0]; next && next.at <= end; next = this.#heap[0]) {
      this.#pop();
      this.#now = next.at;
      next.run();
      await this.#drain();
    }
    this.#now = end;
  }

  /** Waits until no work is left at the current time. */
  async #drain(): Promise<void> {
    do {
      await new Promise<void>((resolve) => setImmediate(resolve));
      while (this.#held.size > 0) await Promise.allSettled(this.#held);
    } while (this.#held.size > 0);
  }

  #push(timer: Timer): void {
    const heap = this.#heap;
    let at = heap.push(timer) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(timer, heap[parent])) break;
      heap[at] = heap[parent] as Timer;
      at = parent;
    }
    heap[at] = timer;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (isBefore(heap[child + 1], heap[child])) child += 1;
      if (!isBefore(heap[child], last)) break;
      heap[at] = heap[child] as Timer;
      at = child;
    }
    heap[at] = last;
  }
}

function isBefore(one: Timer | undefined, other: Timer | undefined): boolean {
  if (one === undefined || other === undefined) return false;
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}

/** Makes `AbortSignal.timeout` use virtual time, for the time limits of the journeys. @returns a function that restores it. */
export function virtualTimeouts(scheduler: Scheduler): () => void {
  const real = AbortSignal.timeout;
  // One for all: nothing reads where it was created, and most time-outs pass after the work has ended.
  const timedOut = new DOMException("timed out", "TimeoutError");
  AbortSignal.timeout = (ms) => {
    const controller = new AbortController();
    scheduler.after(ms, () => controller.abort(timedOut));
    return controller.signal;
  };
  return () => {
    AbortSignal.timeout = real;
  };
}
