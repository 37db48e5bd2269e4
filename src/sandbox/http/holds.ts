import { type FaultSubject, matchesSelector, type RequestSelector } from "./faults.js";

/** `processing`: before the request is processed. `save`: between the slot check and the save of a two-step booking. */
export type HoldPoint = "processing" | "save";

/** Requests that wait at one point until a test releases them. */
export interface Hold {
  /** Resolves when this many requests wait, counted from the start of the hold. */
  waiting(count?: number): Promise<void>;
  /** Lets all waiting requests go on and ends the hold. */
  release(): void;
}

interface ActiveHold {
  readonly selector: RequestSelector;
  readonly point: HoldPoint;
  readonly released: Promise<void>;
  arrive(): void;
}

/** The active holds. They make races deterministic without any waiting time. */
export class Holds {
  readonly #active = new Set<ActiveHold>();

  /** Starts a hold for matching requests. */
  add(selector: RequestSelector, point: HoldPoint): Hold {
    let arrived = 0;
    const observers = new Set<() => void>();
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const active: ActiveHold = {
      selector,
      point,
      released,
      arrive: () => {
        arrived += 1;
        for (const observe of observers) observe();
      },
    };
    this.#active.add(active);
    return {
      waiting: (count = 1) =>
        new Promise((resolve) => {
          const observe = () => {
            if (arrived < count) return;
            observers.delete(observe);
            resolve();
          };
          observers.add(observe);
          observe();
        }),
      release: () => {
        this.#active.delete(active);
        release();
      },
    };
  }

  /** Waits while a hold matches the request at this point. */
  async pass(subject: FaultSubject, point: HoldPoint): Promise<void> {
    for (const active of this.#active) {
      if (active.point !== point || !matchesSelector(active.selector, subject)) continue;
      active.arrive();
      await active.released;
    }
  }
}
