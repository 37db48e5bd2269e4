import { hkdfSync, randomBytes } from "node:crypto";

/** One secret, from which a key of its own is derived for each purpose. */
export interface Keyring {
  /** 32 bytes; the same for the same secret and purpose. */
  derive(purpose: string, bytes?: number): Buffer;
}

/**
 * @param secret `ID_SIGNING_KEY`. Left out, a random one is made: ids then live as long as the process, which
 *   suits the sandbox, whose appointments do not outlive it either.
 */
export function createKeyring(secret?: string): Keyring {
  const material = secret === undefined ? randomBytes(32) : Buffer.from(secret, "utf8");
  return {
    derive: (purpose, bytes = 32) =>
      Buffer.from(hkdfSync("sha256", material, "", `spine-graph ${purpose}`, bytes)),
  };
}
