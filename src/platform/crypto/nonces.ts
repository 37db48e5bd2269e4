import { randomFillSync } from "node:crypto";

const POOLED = 256;

/** Random bytes, each given out once. They are drawn many at a time: each draw is a call of the system. */
export function createNonces(bytes: number): () => Buffer {
  let pool = Buffer.alloc(0);
  let offset = 0;
  return () => {
    if (offset === pool.length) {
      // A new buffer each time, since what was given out may still be in use.
      pool = randomFillSync(Buffer.allocUnsafeSlow(POOLED * bytes));
      offset = 0;
    }
    offset += bytes;
    return pool.subarray(offset - bytes, offset);
  };
}
