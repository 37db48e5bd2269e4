import { hash } from "node:crypto";

/** Computes keyed hashes with one key. */
export interface Hmac {
  /** HMAC-SHA-256 (RFC 2104) of the UTF-8 text as base64url. */
  base64url(text: string): string;
  /** The 32 bytes of it. */
  bytes(text: string): Buffer;
}

const BLOCK_BYTES = 64;
const HASH_BYTES = 32;
const INNER_PAD = 0x36;
const OUTER_PAD = 0x5c;
/** Longer texts are hashed in a buffer of their own. */
const MAX_SHARED_BYTES = 8 * 1024;
/** UTF-8 has at most three bytes for each unit of a JavaScript string. */
const BYTES_A_CHARACTER = 3;

/**
 * An HMAC with one key, for many short texts: `createHmac` makes a stream for each, which takes half of its time. The two
 * hashes are one-shot calls of Node's own crypto.
 */
export function createHasher(key: Buffer): Hmac {
  const block = key.length > BLOCK_BYTES ? hash("sha256", key, "buffer") : key;
  const pad = (byte: number) => {
    const padded = Buffer.alloc(BLOCK_BYTES, byte);
    for (const [index, value] of block.entries()) padded[index] = value ^ byte;
    return padded;
  };
  const innerPad = pad(INNER_PAD);
  const shared = Buffer.concat([innerPad, Buffer.alloc(MAX_SHARED_BYTES)]);
  const outer = Buffer.concat([pad(OUTER_PAD), Buffer.alloc(HASH_BYTES)]);
  const inner = (text: string): string => {
    if (text.length * BYTES_A_CHARACTER > MAX_SHARED_BYTES) {
      return hash("sha256", Buffer.concat([innerPad, Buffer.from(text, "utf8")]), "binary");
    }
    const length = shared.write(text, BLOCK_BYTES, "utf8");
    return hash("sha256", shared.subarray(0, BLOCK_BYTES + length), "binary");
  };
  const fill = (text: string) => {
    outer.write(inner(text), BLOCK_BYTES, "latin1");
    return outer;
  };
  return {
    base64url: (text) => hash("sha256", fill(text), "base64url"),
    bytes: (text) => hash("sha256", fill(text), "buffer"),
  };
}

const hashers = new WeakMap<Buffer, Hmac>();

/** The hasher of a key that lasts as long as the process. */
export function hasherOf(key: Buffer): Hmac {
  const known = hashers.get(key) ?? createHasher(key);
  hashers.set(key, known);
  return known;
}
