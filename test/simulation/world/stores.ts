import type { IntentStore } from "../../../src/platform/store/index.js";
import { createLazyStore } from "../../support/memory-intent-store.js";

import { Random } from "../kit/random.js";
import type { Scheduler } from "../kit/scheduler.js";
import type { StoreKind } from "../scenario.js";

/** The store that outlives the processes. Each process has its own connection. */
export interface SharedStore {
  isDown: boolean;
  /** The share of store operations with a fault. */
  faultRate: number;
  readonly faults: Map<string, number>;
  /** @param isAlive of the connected process: a dead one gets no result. */
  connect(isAlive: () => boolean): IntentStore;
  close(): Promise<void>;
}

export interface StoreParts {
  readonly kind: StoreKind;
  readonly scheduler: Scheduler;
  readonly seed: string;
  readonly faultRate: number;
  /** The path of the file store. */
  readonly path: string;
}

/** The real intent stores, behind a connection that can fail before and after each operation. */
export function createSharedStore({ kind, scheduler, seed, faultRate, path }: StoreParts): SharedStore {
  const faults = new Map<string, number>();
  const lose = (what: string): Error => {
    faults.set(what, (faults.get(what) ?? 0) + 1);
    return new Error(what);
  };
  const through = async <T>(isAlive: () => boolean, run: () => Promise<T>): Promise<T> => {
    const ending = <E>(end: E): Promise<E> => (isAlive() ? Promise.resolve(end) : new Promise(() => {}));
    // The random stream depends on the time, so that removing other parts of a scenario does not change it.
    const random = new Random(seed, "store", scheduler.now());
    await scheduler.sleep(random.between(0, 4));
    await ending(undefined);
    if (shared.isDown) throw lose("store down");
    if (random.chance(shared.faultRate / 20)) throw lose("store lost before operation");
    const result = await (kind === "file" ? scheduler.hold(run()) : run());
    await scheduler.sleep(random.between(0, 4));
    await ending(undefined);
    if (random.chance(shared.faultRate / 20)) throw lose("store lost after operation");
    return result;
  };
  // As in a deployment: processes that share a file, or one that is gone with them all.
  const { intents: store, close } = createLazyStore(scheduler, kind === "file" ? path : undefined);
  const shared: SharedStore = {
    close,
    isDown: false,
    faultRate,
    faults,
    connect(isAlive) {
      const via =
        <A extends unknown[], T>(run: (...args: A) => Promise<T>) =>
        (...args: A) =>
          through(isAlive, () => run(...args));
      return {
        claim: via(store.claim),
        get: via(store.get),
        replace: via(store.replace),
        remove: via(store.remove),
        open: via(store.open),
        ownerOf: via(store.ownerOf),
      };
    },
  };
  return shared;
}
