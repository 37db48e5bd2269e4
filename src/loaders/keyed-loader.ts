import DataLoader from "dataloader";

/** Loads one thing by its key; the same key is asked for once in a request, whatever the number of fields that need it. */
export interface KeyedLoader<K, V> {
  load(key: K): Promise<V>;
  /** Forgets an answer, after a command has changed what it was about. */
  clear(key: K): void;
  clearAll(): void;
}

/**
 * A loader over an upstream that is asked for one thing at a time: calls for different keys run side by side, no
 * key waits for another's answer, and one key's failure is its own.
 *
 * @param identify what makes two keys the same; all parts of a key that matter, never a position.
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
 * Gathers keys until `schedule` lets them go, and then asks for all of them together. Keeps nothing: put a
 * {@link createKeyedLoader} before it, which asks for each key once.
 *
 * @param loadMany gives, in the order of the keys, each one's answer or its error, or a promise of them.
 * @param schedule is handed the gathering's end when its first key comes in.
 */
export function createBatcher<K, V>(
  loadMany: (keys: readonly K[]) => Promise<readonly (Promise<V> | Error)[]>,
  schedule: (dispatch: () => void) => void,
): (key: K) => Promise<V> {
  const loader = new DataLoader<K, Promise<V>>(loadMany, { cache: false, batchScheduleFn: schedule });
  return async (key) => await loader.load(key);
}
