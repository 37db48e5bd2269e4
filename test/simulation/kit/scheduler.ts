interface Timer {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/**
 * Virtual time. Nothing sleeps: when nobody can go on by themselves any more, time moves to the next timer. Timers of one
 * moment run in the order in which they were set, so a run depends on nothing but its seed.
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

  /** Keeps time standing still for work that the real world does, a write to a file for instance. */
  hold<T>(work: Promise<T>): Promise<T> {
    this.#held.add(work);
    const release = () => void this.#held.delete(work);
    work.then(release, release);
    return work;
  }

  /** Lives through all that happens until the moment given, and ends there. */
  async runUntil(end: number): Promise<void> {
    await this.#settle();
    for (let next = this.#heap[0]; next && next.at <= end; next = this.#heap[0]) {
      this.#pop();
      this.#now = next.at;
      next.run();
      await this.#settle();
    }
    this.#now = end;
  }

  /** Until all that can go on without time has done so. */
  async #settle(): Promise<void> {
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

/** Has `AbortSignal.timeout` count virtual time, for the limits that the journeys set themselves. @returns what undoes it. */
export function virtualTimeouts(scheduler: Scheduler): () => void {
  const real = AbortSignal.timeout;
  AbortSignal.timeout = (ms) => {
    const controller = new AbortController();
    scheduler.after(ms, () => controller.abort(new DOMException("timed out", "TimeoutError")));
    return controller.signal;
  };
  return () => {
    AbortSignal.timeout = real;
  };
}
