import DataLoader from "dataloader";

/** Loads one thing by its key. Each key is fetched once in a request, however many fields need it. */
export interface KeyedLoader<K, V> {
  load(key: K): Promise<V>;
  /** Removes a loaded value, after a command has changed what it describes. */
  clear(key: K): void;
  clearAll(): void;
}

/**
 * A loader over an upstream that serves one key at a time. Calls for different keys run concurrently, no key waits for
 * another's response, and a failure affects its own key only.
 *
 * @param identify two keys are the same when this gives the same text. It must cover every part that matters.
 */
export function createKeyedLoader<K, V>(
  identify: (key: K) => string,
  loadOne: (key: K) => Promise<V>,
): KeyedLoader<K, V> {
  const loader = new DataLoader<K, Promise<V>, string>(
    async (keys) => keys.map(async (key) => loadOne(key)),
    { cacheKeyFn: identify },
  );
  return {
    load: async (key) => await loader.load(key),
    clear: (key) => void loader.clear(key),
    clearAll: () => void loader.clearAll(),
  };
}

/**
 * Collects keys until `schedule` dispatches them, then loads all of them together. It caches nothing: put a
 * {@link createKeyedLoader} before it, which loads each key once.
 *
 * @param loadMany gives the value or error of each key, or a promise of it, in the order of the keys.
 * @param schedule receives the dispatch function when the first key of a batch arrives.
 */
export function createBatcher<K, V>(
  loadMany: (keys: readonly K[]) => Promise<readonly (Promise<V> | Error)[]>,
  schedule: (dispatch: () => void) => void,
): (key: K) => Promise<V> {
  const loader = new DataLoader<K, Promise<V>>(loadMany, { cache: false, batchScheduleFn: schedule });
  return async (key) => await loader.load(key);
}
