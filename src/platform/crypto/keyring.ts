import { hkdfSync, randomBytes } from "node:crypto";

/** One secret, from which a key of its own is derived for each purpose. */
export interface Keyring {
  /** 32 bytes; the same for the same secret and purpose. */
  derive(purpose: string, bytes?: number): Buffer;
}

/** The keyrings of several secrets, in the order of the setting. There is one at least. */
export type Keyrings = readonly [Keyring, ...Keyring[]];

/**
 * @param secret left out, a random one is made: what is made with it then lives as long as the process, which
 *   suits the sandbox, whose appointments do not outlive it either.
 */
export function createKeyring(secret?: string): Keyring {
  const material = secret === undefined ? randomBytes(32) : Buffer.from(secret, "utf8");
  return {
    derive: (purpose, bytes = 32) =>
      Buffer.from(hkdfSync("sha256", material, "", `spine-graph ${purpose}`, bytes)),
  };
}

/**
 * The keyrings of `ID_SIGNING_KEY`: `new,old` while one takes the place of the other.
 *
 * The first makes what does not last (slot ids, sealed texts) and every one reads it, so a new secret is put in front
 * and the old one dropped once what it made has run out. The last one makes what must stay the same for ever
 * (appointment ids, keyed hashes): whoever drops it, or adds one behind it, changes the id of every appointment.
 */
export function createKeyrings(secrets?: readonly string[]): Keyrings {
  const [first, ...rest] = secrets ?? [];
  return [createKeyring(first), ...rest.map((secret) => createKeyring(secret))];
}

/** The one that makes what must stay the same. */
export function lastingKeyring(keyrings: Keyrings): Keyring {
  return keyrings.at(-1) ?? keyrings[0];
}
