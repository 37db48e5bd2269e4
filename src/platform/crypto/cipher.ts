import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { createKeyring } from "./keyring.js";

/** Encrypts what leaves the process for a store that others run. */
export interface Cipher {
  /** @param boundTo where the text will be kept; it opens nowhere else. */
  seal(plain: string, boundTo: string): string;
  /** @returns undefined for anything that was not sealed for this place by a key we hold. */
  open(sealed: string, boundTo: string): string | undefined;
}

const ALGORITHM = "aes-256-gcm";
const VERSION = "e1";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const FORM = /^e1\.([\w-]{8})\.([\w-]+)$/;

/**
 * AES-256-GCM under a random nonce (NIST SP 800-38D, 8.2.2: sound for 2^32 values under one key, which at a hundred
 * writes a second is more than a year). The envelope, `e1.<key id>.<nonce, ciphertext and tag>`, names its key; version,
 * key id and place are authenticated with the text, so that a value copied to another place does not open there.
 *
 * @param secrets the first seals, all of them open: a new one is put in front, the old one dropped once what it
 *   sealed has expired.
 */
export function createCipher(secrets: readonly string[]): Cipher {
  const keys = secrets.map((secret) => {
    const keyring = createKeyring(secret);
    return {
      id: keyring.derive("cache key id", 6).toString("base64url"),
      key: keyring.derive("cache values"),
    };
  });
  const [first] = keys;
  if (first === undefined) throw new TypeError("a cipher needs at least one secret");
  const byId = new Map(keys.map(({ id, key }) => [id, key]));
  const bind = (id: string, place: string) => Buffer.from(`${VERSION}.${id}.${place}`);

  return {
    seal(plain, boundTo) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(ALGORITHM, first.key, nonce, { authTagLength: TAG_BYTES });
      cipher.setAAD(bind(first.id, boundTo));
      const sealed = Buffer.concat([
        nonce,
        cipher.update(plain, "utf8"),
        cipher.final(),
        cipher.getAuthTag(),
      ]);
      return `${VERSION}.${first.id}.${sealed.toString("base64url")}`;
    },
    open(sealed, boundTo) {
      const [, id, content] = FORM.exec(sealed) ?? [];
      const key = id === undefined ? undefined : byId.get(id);
      if (id === undefined || content === undefined || key === undefined) return undefined;
      const bytes = Buffer.from(content, "base64url");
      if (bytes.length < NONCE_BYTES + TAG_BYTES) return undefined;
      const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(bind(id, boundTo));
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
      try {
        const plain = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
        return Buffer.concat([plain, decipher.final()]).toString("utf8");
      } catch {
        return undefined; // altered, moved or cut short: the tag does not fit
      }
    },
  };
}
