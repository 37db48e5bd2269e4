import { type BulkheadPolicy, bulkhead } from "cockatiel";
import { FairQueue, type Lanes } from "./fair-queue.js";
import type { NotSentReason } from "./not-sent.js";
import { LONGEST_ASKED_PAUSE_MS, REQUEST_PER_FREE_PLACE } from "./numbers.js";
import { onAbort } from "./on-abort.js";
import type { PermitSource } from "./rate-limit.js";

export interface Visit {
  readonly lanes: Lanes;
  /** Who shares the places besides: a practice behind the proxy. */
  readonly share?: string | undefined;
  /** Ends the wait, and nothing else. */
  readonly signal: AbortSignal;
  readonly refuse: (reason: NotSentReason) => Error;
}

export interface GateOptions {
  /** How many may be inside at once. */
  readonly places: number;
  readonly permits?: PermitSource | undefined;
  /** How many may wait; the caller with most waiting loses one when there are more. */
  readonly maxWaiting?: number;
  /** How many places one share may hold. */
  readonly placesPerShare?: number;
}

interface Waiter {
  readonly request: string;
  readonly share: string | undefined;
  readonly enter: () => Promise<unknown>;
  readonly turnAway: (reason: NotSentReason) => void;
}

/**
 * Where calls wait, in fair order, for a place and a permit. The places are cockatiel's bulkhead, whose own queue
 * is not used: it serves in order of arrival, and nobody can leave it.
 */
export class Gate {
  readonly #queue = new FairQueue<Waiter>();
  readonly #places: BulkheadPolicy;
  readonly #held = new Map<string, number>();
  #asking = false;
  #pausedUntil = 0;
  /** No permit before then, as far as is known. */
  #permitAt = 0;
  #wake: NodeJS.Timeout | undefined;

  constructor(private readonly options: GateOptions) {
    this.#places = bulkhead(options.places, 0);
  }

  /** Milliseconds for which nobody enters. */
  get pausedForMs(): number {
    return Math.max(0, this.#pausedUntil - performance.now());
  }

  /** Lets nobody in for so long; a longer pause stands. */
  pause(ms: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, performance.now() + Math.min(ms, LONGEST_ASKED_PAUSE_MS));
  }

  /** Runs the work once there is a place and a permit. @throws what `refuse` makes, when it never ran. */
  run<T>(visit: Visit, work: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const leave = () => {
        if (this.#queue.delete(visit.lanes, waiter)) waiter.turnAway("DEADLINE_WHILE_WAITING");
      };
      const stopListening = onAbort(visit.signal, leave);
      const waiter: Waiter = {
        // Names under which places are held.
        request: requestHolder(visit.lanes),
        share: visit.share === undefined ? undefined : `share ${visit.share}`,
        enter: () => {
          stopListening();
          return this.#places.execute(work).then(resolve, reject);
        },
        turnAway: (reason) => {
          stopListening();
          reject(visit.refuse(reason));
          if (this.#queue.size === 0) clearTimeout(this.#wake);
        },
      };
      if (visit.signal.aborted) return waiter.turnAway("DEADLINE_WHILE_WAITING");
      this.#queue.push(visit.lanes, waiter);
      this.#admit();
      const { maxWaiting = Number.POSITIVE_INFINITY } = this.options;
      if (this.#queue.size > maxWaiting) this.#queue.dropFromLongest()?.turnAway("QUEUE_FULL");
    });
  }

  #admit(): void {
    clearTimeout(this.#wake);
    while (!this.#asking && this.#places.executionSlots > 0 && this.#queue.some(this.#mayGo)) {
      const closedFor = Math.max(this.#pausedUntil, this.#permitAt) - performance.now();
      if (closedFor > 0) {
        this.#wake = setTimeout(() => this.#admit(), Math.ceil(closedFor));
        return;
      }
      const wait = this.options.permits?.take() ?? 0;
      if (typeof wait !== "number") {
        void this.#admitAfter(wait);
        return;
      }
      this.#permitAt = performance.now() + wait;
      if (wait <= 0) this.#letNextIn();
    }
  }

  /** Asks a shared budget: one question at a time, so that a permit never waits for a caller. */
  async #admitAfter(asked: Promise<number>): Promise<void> {
    this.#asking = true;
    const wait = await asked;
    this.#asking = false;
    this.#permitAt = performance.now() + wait;
    if (wait <= 0) this.#letNextIn();
    this.#admit();
  }

  #letNextIn(): void {
    const waiter = this.#queue.next(this.#mayGo);
    if (!waiter) return;
    const { request, share } = waiter;
    const holders = share === undefined ? [request] : [request, share];
    for (const holder of holders) this.#held.set(holder, this.#heldBy(holder) + 1);
    void waiter.enter().finally(() => {
      for (const holder of holders) this.#giveBack(holder);
      this.#admit();
    });
  }

  /**
   * What one practice or one request may hold shrinks with what is free, so that slow ones leave places for others (the
   * dynamic threshold of Choudhury and Hahne). A practice has its cap while half of the places are free.
   */
  readonly #mayGo = {
    request: (lanes: Lanes): boolean =>
      this.#heldBy(requestHolder(lanes)) < REQUEST_PER_FREE_PLACE * this.#places.executionSlots,
    item: ({ share }: Waiter): boolean => {
      const { placesPerShare: cap, places } = this.options;
      if (share === undefined || cap === undefined) return true;
      const held = this.#heldBy(share);
      return held < cap && held * places < 2 * cap * this.#places.executionSlots;
    },
  };

  #heldBy(holder: string): number {
    return this.#held.get(holder) ?? 0;
  }

  #giveBack(holder: string): void {
    const held = this.#heldBy(holder) - 1;
    if (held > 0) this.#held.set(holder, held);
    else this.#held.delete(holder);
  }
}

function requestHolder([caller, request]: Lanes): string {
  return `request ${caller} ${request}`;
}
