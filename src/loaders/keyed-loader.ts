import DataLoader from "dataloader";

/** Loads one thing by its key; the same key is asked for once in a request, whatever the number of fields that need it. */
export interface KeyedLoader<K, V> {
  load(key: K): Promise<V>;
  /** Forgets an answer, after a command has changed what it was about. */
  clear(key: K): void;
  clearAll(): void;
}

/**
 * A loader over an upstream that is asked for one thing at a time: calls for different keys run side by side,
 * and one key's failure is its own.
 *
 * @param identify what makes two keys the same; all parts of a key that matter, never a position.
 */
export function createKeyedLoader<K, V>(
  identify: (key: K) => string,
  loadOne: (key: K) => Promise<V>,
): KeyedLoader<K, V> {
  return createBatchLoader(identify, (keys) => Promise.all(keys.map((key) => settle(loadOne(key)))));
}

/** A loader over an upstream that is asked for many things at once. */
export function createBatchLoader<K, V>(
  identify: (key: K) => string,
  loadMany: (keys: readonly K[]) => Promise<(V | Error)[]>,
  maxBatchSize = Number.POSITIVE_INFINITY,
): KeyedLoader<K, V> {
  const loader = new DataLoader<K, V, string>(loadMany, { cacheKeyFn: identify, maxBatchSize });
  return {
    load: (key) => loader.load(key),
    clear: (key) => void loader.clear(key),
    clearAll: () => void loader.clearAll(),
  };
}

async function settle<V>(promise: Promise<V>): Promise<V | Error> {
  try {
    return await promise;
  } catch (error) {
    return error instanceof Error ? error : new Error("a loader failed with something that is no error");
  }
}
