import { readTokenReason } from "../../../src/upstreams/pds/token/token-response.js";

describe("an error of the token endpoint", () => {
  it.each(["__proto__", "constructor", "toString", "hasOwnProperty"])(
    "called %s has no finer code",
    (error) => {
      expect(readTokenReason(JSON.stringify({ error }))).toBeUndefined();
    },
  );

  it("has a code for a known name", () => {
    expect(readTokenReason('{"error":"public_key error"}')).toBe("PUBLIC_KEY_ERROR");
  });
});
