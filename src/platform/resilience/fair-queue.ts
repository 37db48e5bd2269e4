/** Whose turn an item waits for: the caller, and the request of that caller. */
export type Lanes = readonly [caller: string, request: string];

/** Says of what waits whether it may go now: of a whole request, and of each item. */
export interface Admission<T> {
  readonly request: (lanes: Lanes) => boolean;
  readonly item: (item: T) => boolean;
}

/**
 * A queue that serves callers in turn, the requests of one caller in turn, and the items of one request in order
 * of arrival. However many one caller has waiting, another's first item comes next but one.
 */
export class FairQueue<T extends object> {
  // A Map keeps the order of insertion: the lane served goes to the end.
  readonly #callers = new Map<string, Map<string, Set<T>>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  push([caller, request]: Lanes, item: T): void {
    const requests = this.#callers.get(caller) ?? new Map<string, Set<T>>();
    const items = requests.get(request) ?? new Set<T>();
    this.#callers.set(caller, requests.set(request, items.add(item)));
    this.#size += 1;
  }

  /** @returns whether it was still waiting. */
  delete([caller, request]: Lanes, item: T): boolean {
    const requests = this.#callers.get(caller);
    const items = requests?.get(request);
    if (!requests || !items?.delete(item)) return false;
    if (items.size === 0) requests.delete(request);
    if (requests.size === 0) this.#callers.delete(caller);
    this.#size -= 1;
    return true;
  }

  /** Whether anything that may go now is waiting. */
  some(mayGo: Admission<T>): boolean {
    return this.#find(mayGo) !== undefined;
  }

  /** Takes out whose turn it is. What may not go now is passed over and keeps its turn. */
  next(mayGo: Admission<T>): T | undefined {
    const found = this.#find(mayGo);
    if (!found) return undefined;
    const { lanes, item } = found;
    this.delete(lanes, item);
    this.#rotate(lanes);
    return item;
  }

  /** Takes out the item that came last of the caller who has most waiting. */
  dropFromLongest(): T | undefined {
    let longest: { caller: string; waiting: number } | undefined;
    for (const [caller, requests] of this.#callers) {
      const waiting = [...requests.values()].reduce((sum, { size }) => sum + size, 0);
      if (!longest || waiting > longest.waiting) longest = { caller, waiting };
    }
    if (!longest) return undefined;
    const { caller } = longest;
    const [request, items] = [...(this.#callers.get(caller) ?? [])].at(-1) ?? [];
    const item = items && [...items].at(-1);
    if (request === undefined || item === undefined) return undefined;
    this.delete([caller, request], item);
    return item;
  }

  #find(mayGo: Admission<T>): { lanes: Lanes; item: T } | undefined {
    for (const [caller, requests] of this.#callers) {
      for (const [request, items] of requests) {
        const lanes = [caller, request] as const;
        if (!mayGo.request(lanes)) continue;
        for (const item of items) if (mayGo.item(item)) return { lanes, item };
      }
    }
    return undefined;
  }

  #rotate([caller, request]: Lanes): void {
    const requests = this.#callers.get(caller);
    if (!requests) return;
    const items = requests.get(request);
    if (items) {
      requests.delete(request);
      requests.set(request, items);
    }
    this.#callers.delete(caller);
    this.#callers.set(caller, requests);
  }
}
