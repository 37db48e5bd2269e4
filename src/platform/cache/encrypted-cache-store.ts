import type { Cipher } from "../crypto/cipher.js";

/** What Keyv asks of a store, as far as it is used here. */
export interface TextStore {
  get(key: string): Promise<string | undefined>;
  set(key: string, text: string, ttlMs?: number): Promise<boolean>;
  delete(key: string): Promise<boolean>;
  clear(): Promise<void>;
}

/** Seals each text for its key on the way in. What does not open, for whatever reason, is not there. */
export function sealedStore(inner: TextStore, cipher: Cipher): TextStore {
  return {
    async get(key) {
      const sealed = await inner.get(key);
      return typeof sealed === "string" ? cipher.open(sealed, key) : undefined;
    },
    set: (key, text, ttlMs) => inner.set(key, cipher.seal(text, key), ttlMs),
    delete: (key) => inner.delete(key),
    clear: () => inner.clear(),
  };
}
