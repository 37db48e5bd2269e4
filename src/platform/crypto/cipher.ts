import { createCipheriv, createDecipheriv } from "node:crypto";
import { createKeyring } from "./keyring.js";
import { createNonces } from "./nonces.js";

/** Encrypts what leaves the process for a store that others operate. */
export interface Cipher {
  /** @param boundTo the place where the text is stored. It can be decrypted for no other place. */
  seal(plain: string, boundTo: string): string;
  /** @returns undefined unless the text was encrypted for this place with one of our keys. */
  open(encrypted: string, boundTo: string): string | undefined;
}

const ALGORITHM = "aes-256-gcm";
const VERSION = "e1";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const FORM = /^e1\.([\w-]{8})\.([\w-]+)$/;

/**
 * AES-256-GCM with a random nonce (NIST SP 800-38D, 8.2.2: safe for 2^32 values with one key, more than a year at a
 * hundred writes a second). The envelope `e1.<key id>.<nonce, ciphertext and tag>` names its key. Version, key id and
 * place are authenticated with the text, so a value that is copied to another place cannot be decrypted there.
 *
 * @param secrets the first encrypts, all decrypt. For a rotation, put a new one in front, and remove the old one once
 *   everything that it encrypted has expired.
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
  const nextNonce = createNonces(NONCE_BYTES);
  const bind = (id: string, place: string) => Buffer.from(`${VERSION}.${id}.${place}`);

  return {
    seal(plain, boundTo) {
      const nonce = nextNonce();
      const cipher = createCipheriv(ALGORITHM, first.key, nonce, { authTagLength: TAG_BYTES });
      cipher.setAAD(bind(first.id, boundTo));
      // This mode keeps nothing back for the end.
      const encrypted = cipher.update(plain, "utf8");
      cipher.final();
      const sealed = Buffer.concat([nonce, encrypted, cipher.getAuthTag()]);
      return `${VERSION}.${first.id}.${sealed.toString("base64url")}`;
    },
    open(encrypted, boundTo) {
      const [, id, content] = FORM.exec(encrypted) ?? [];
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
        return undefined; // changed, moved or truncated: the tag does not match
      }
    },
  };
}
