import type { Cipher } from "../crypto/cipher.js";

/** The part of Keyv's store interface that is used here. */
export interface TextStore {
  get(key: string): Promise<string | undefined>;
  set(key: string, text: string, ttlMs?: number): Promise<boolean>;
  delete(key: string): Promise<boolean>;
  clear(): Promise<void>;
}

/** Encrypts each text for its key. A text that cannot be decrypted, for whatever reason, is a miss. */
export function encryptStore(inner: TextStore, cipher: Cipher): TextStore {
  return {
    async get(key) {
      const encrypted = await inner.get(key);
      return typeof encrypted === "string" ? cipher.open(encrypted, key) : undefined;
    },
    set: (key, text, ttlMs) => inner.set(key, cipher.seal(text, key), ttlMs),
    delete: (key) => inner.delete(key),
    clear: () => inner.clear(),
  };
}
