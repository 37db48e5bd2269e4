import { FairQueue, type Flow } from "./fair-queue.js";
import type { NotSentReason } from "./not-sent.js";
import { onAbort } from "./on-abort.js";
import type { RateLimiter } from "./rate-limit.js";

/** A call that requests a permit of a bulkhead. */
export interface Entrant {
  readonly flow: Flow;
  /** The backend that the call is for, when several backends share the bulkhead of a proxy. */
  readonly backend?: string | undefined;
  /** Ends the wait, and nothing else. */
  readonly signal: AbortSignal;
  /** Creates the error of a call that does not enter. */
  readonly rejection: (reason: NotSentReason) => Error;
}

export interface BulkheadOptions {
  readonly maxConcurrency: number;
  readonly rateLimiter?: RateLimiter | undefined;
  /** How many calls may wait. Beyond it, the caller with the most waiting calls loses one. */
  readonly maxQueued?: number;
  /** The most calls of one backend. */
  readonly maxConcurrencyPerBackend?: number;
}

interface Waiter {
  /** The names under which this call is counted. */
  readonly request: string;
  readonly backend: string | undefined;
  readonly enter: () => Promise<unknown>;
  readonly reject: (reason: NotSentReason) => void;
}

/** The longest pause that an upstream can request at a time. Then it is called again, and may request another. */
const MAX_PAUSE_MS = 5 * 60_000;

/** One request may hold 15 places for each free one: 60 of 64, so that another request finds some. */
const REQUEST_PLACES_PER_FREE_PLACE = 15;

/** Limits the concurrent calls to one destination. Further calls wait in a fair queue, also for the rate limiter. */
export class Bulkhead {
  readonly #queue = new FairQueue<Waiter>();
  readonly #held = new Map<string, number>();
  #inUse = 0;
  #isTakingPermit = false;
  #pausedUntil = 0;
  /** The rate limiter has no permit before then, as far as is known. */
  #permitAt = 0;
  #wake: NodeJS.Timeout | undefined;

  constructor(private readonly options: BulkheadOptions) {}

  /** Calls that have entered and not ended. */
  get inUse(): number {
    return this.#inUse;
  }

  /** Calls that wait for a place or a permit. */
  get waiting(): number {
    return this.#queue.size;
  }

  /** Milliseconds for which no call enters. */
  get pausedForMs(): number {
    return Math.max(0, this.#pausedUntil - performance.now());
  }

  /** Lets no call enter for so long. A longer pause stays in force. */
  pause(ms: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, performance.now() + Math.min(ms, MAX_PAUSE_MS));
  }

  /** Runs the work once there is a place and a permit. @throws the rejection, when the work never ran. */
  run<T>(entrant: Entrant, work: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const leave = () => {
        if (this.#queue.delete(entrant.flow, waiter)) waiter.reject("DEADLINE_WHILE_WAITING");
      };
      let isWaiting = true;
      let stopListening = () => {};
      const waiter: Waiter = {
        request: requestName(entrant.flow),
        backend: entrant.backend === undefined ? undefined : `backend ${entrant.backend}`,
        enter: () => {
          isWaiting = false;
          stopListening();
          return work().then(resolve, reject);
        },
        reject: (reason) => {
          isWaiting = false;
          stopListening();
          reject(entrant.rejection(reason));
          if (this.#queue.size === 0) clearTimeout(this.#wake);
        },
      };
      if (entrant.signal.aborted) return waiter.reject("DEADLINE_WHILE_WAITING");
      this.#queue.push(entrant.flow, waiter);
      this.#admit();
      // Most calls have entered by now.
      if (isWaiting) stopListening = onAbort(entrant.signal, leave);
      const { maxQueued = Number.POSITIVE_INFINITY } = this.options;
      if (this.#queue.size > maxQueued) this.#queue.dropFromLongest()?.reject("QUEUE_FULL");
    });
  }

  get #free(): number {
    return this.options.maxConcurrency - this.#inUse;
  }

  #admit(): void {
    clearTimeout(this.#wake);
    while (!this.#isTakingPermit && this.#free > 0 && this.#queue.hasNext(this.#admission)) {
      const waitMs = Math.max(this.#pausedUntil, this.#permitAt) - performance.now();
      if (waitMs > 0) {
        this.#wake = setTimeout(() => this.#admit(), Math.ceil(waitMs));
        return;
      }
      const permit = this.options.rateLimiter?.take() ?? 0;
      if (typeof permit !== "number") {
        void this.#admitAfter(permit);
        return;
      }
      this.#permitAt = performance.now() + permit;
      if (permit <= 0) this.#enterNext();
    }
  }

  /** Takes permits of a shared rate limiter one at a time, so that no permit waits for a caller. */
  async #admitAfter(permit: Promise<number>): Promise<void> {
    this.#isTakingPermit = true;
    const waitMs = await permit;
    this.#isTakingPermit = false;
    this.#permitAt = performance.now() + waitMs;
    if (waitMs <= 0) this.#enterNext();
    this.#admit();
  }

  #enterNext(): void {
    const waiter = this.#queue.next(this.#admission);
    if (!waiter) return;
    const { request, backend } = waiter;
    const holders = backend === undefined ? [request] : [request, backend];
    this.#inUse += 1;
    for (const holder of holders) this.#held.set(holder, this.#heldBy(holder) + 1);
    void waiter.enter().finally(() => {
      this.#inUse -= 1;
      for (const holder of holders) this.#release(holder);
      this.#admit();
    });
  }

  /**
   * The share of one request and of one backend shrinks with the free places, so that slow ones leave places for others
   * (the dynamic threshold of Choudhury and Hahne). A backend has all its places while half of the bulkhead is free.
   */
  readonly #admission = {
    flow: (flow: Flow): boolean =>
      this.#heldBy(requestName(flow)) < REQUEST_PLACES_PER_FREE_PLACE * this.#free,
    item: ({ backend }: Waiter): boolean => {
      const { maxConcurrencyPerBackend: max, maxConcurrency } = this.options;
      if (backend === undefined || max === undefined) return true;
      const held = this.#heldBy(backend);
      return held < max && held * maxConcurrency < 2 * max * this.#free;
    },
  };

  #heldBy(holder: string): number {
    return this.#held.get(holder) ?? 0;
  }

  #release(holder: string): void {
    const held = this.#heldBy(holder) - 1;
    if (held > 0) this.#held.set(holder, held);
    else this.#held.delete(holder);
  }
}

function requestName([caller, request]: Flow): string {
  return `request ${caller} ${request}`;
}
