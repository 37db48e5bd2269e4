import { createHmac } from "node:crypto";
import fc from "fast-check";
import { createHasher } from "../../src/platform/crypto/hmac.js";
import { createNonces } from "../../src/platform/crypto/nonces.js";

test("a hasher computes HMAC-SHA-256 for any key and text, one after another", () => {
  const long = fc.string({ unit: "binary", minLength: 2_000, maxLength: 12_000 });
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 130 }),
      fc.array(fc.oneof(fc.string({ unit: "binary" }), long), { minLength: 1, maxLength: 5 }),
      (bytes, texts) => {
        const key = Buffer.from(bytes);
        const hasher = createHasher(key);
        for (const text of texts) {
          const expected = createHmac("sha256", key).update(text).digest();
          expect(hasher.base64url(text)).toBe(expected.toString("base64url"));
          expect(hasher.bytes(text)).toEqual(expected);
        }
      },
    ),
    { numRuns: 200, seed: 20_261_128 },
  );
});

test("no nonce is given out twice, and one that is in use does not change", () => {
  const next = createNonces(12);
  const given = Array.from({ length: 2_000 }, next);
  const texts = given.map((nonce) => nonce.toString("hex"));
  expect(new Set(texts).size).toBe(2_000);
  expect(given.map((nonce) => nonce.toString("hex"))).toEqual(texts);
  expect(given.every(({ length }) => length === 12)).toBe(true);
});
