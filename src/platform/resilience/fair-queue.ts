/** The flow that an item belongs to: a request of a caller. */
export type Flow = readonly [caller: string, request: string];

/** Says what may leave the queue now: any item of a request, and each single item. */
export interface Admission<T> {
  readonly flow: (flow: Flow) => boolean;
  readonly item: (item: T) => boolean;
}

/**
 * A fair queue: round robin over the callers, then over the requests of a caller, then first in, first out. However many
 * items one caller has queued, another caller's first item is served next but one.
 */
export class FairQueue<T extends object> {
  // A Map keeps the order of insertion: the flow that was served moves to the end.
  readonly #callers = new Map<string, Map<string, Set<T>>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  push([caller, request]: Flow, item: T): void {
    const requests = this.#callers.get(caller) ?? new Map<string, Set<T>>();
    const items = requests.get(request) ?? new Set<T>();
    this.#callers.set(caller, requests.set(request, items.add(item)));
    this.#size += 1;
  }

  /** @returns whether the item was in the queue. */
  delete([caller, request]: Flow, item: T): boolean {
    const requests = this.#callers.get(caller);
    const items = requests?.get(request);
    if (!requests || !items?.delete(item)) return false;
    if (items.size === 0) requests.delete(request);
    if (requests.size === 0) this.#callers.delete(caller);
    this.#size -= 1;
    return true;
  }

  /** Whether any item may leave now. */
  hasNext(admission: Admission<T>): boolean {
    return this.#find(admission) !== undefined;
  }

  /** Removes the next item that may leave. The items that may not are skipped and keep their turn. */
  next(admission: Admission<T>): T | undefined {
    const found = this.#find(admission);
    if (!found) return undefined;
    const { flow, item } = found;
    this.delete(flow, item);
    this.#rotate(flow);
    return item;
  }

  /** Removes the newest item of the caller with the most items. */
  dropFromLongest(): T | undefined {
    let longest: { caller: string; queued: number } | undefined;
    for (const [caller, requests] of this.#callers) {
      const queued = [...requests.values()].reduce((sum, { size }) => sum + size, 0);
      if (!longest || queued > longest.queued) longest = { caller, queued };
    }
    if (!longest) return undefined;
    const { caller } = longest;
    const [request, items] = [...(this.#callers.get(caller) ?? [])].at(-1) ?? [];
    const item = items && [...items].at(-1);
    if (request === undefined || item === undefined) return undefined;
    this.delete([caller, request], item);
    return item;
  }

  #find(admission: Admission<T>): { flow: Flow; item: T } | undefined {
    for (const [caller, requests] of this.#callers) {
      for (const [request, items] of requests) {
        const flow = [caller, request] as const;
        if (!admission.flow(flow)) continue;
        for (const item of items) if (admission.item(item)) return { flow, item };
      }
    }
    return undefined;
  }

  #rotate([caller, request]: Flow): void {
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
