/** Plain JSON values by key. A reader must not change a value: in memory, others read the same object. */
export interface ValueStore {
  /** Undefined when there is none. @throws or rejects when the store is at fault. */
  get<T>(key: string): T | undefined | Promise<T | undefined>;
  /** @returns whether the value is stored. */
  set(key: string, value: unknown, ttlMs: number): boolean | Promise<boolean>;
  delete(key: string): boolean | Promise<boolean>;
}

/** The value, or undefined when there is none or the store is at fault. */
export async function readOrMiss<T>(store: ValueStore, key: string): Promise<T | undefined> {
  try {
    return await store.get<T>(key);
  } catch {
    return undefined;
  }
}

/** Stores the value if the store can. */
export async function writeOrLeave(
  store: ValueStore,
  key: string,
  value: unknown,
  ttlMs: number,
): Promise<void> {
  try {
    await store.set(key, value, ttlMs);
  } catch {
    // The value is loaded again when it is needed.
  }
}
