import { hkdfSync, randomBytes } from "node:crypto";

/** Derives a separate key for each purpose from one secret. */
export interface Keyring {
  /** 32 bytes; the same for the same secret and purpose. */
  derive(purpose: string, bytes?: number): Buffer;
}

/** The keyrings of several secrets, in the order of the setting. There is at least one. */
export type Keyrings = readonly [Keyring, ...Keyring[]];

/**
 * @param secret left out: a random one. Everything made with it lasts as long as the process, like the sandbox's
 *   appointments.
 */
export function createKeyring(secret?: string): Keyring {
  const material = secret === undefined ? randomBytes(32) : Buffer.from(secret, "utf8");
  return {
    derive: (purpose, bytes = 32) =>
      Buffer.from(hkdfSync("sha256", material, "", `spine-graph ${purpose}`, bytes)),
  };
}

/**
 * The keyrings of `ID_SIGNING_KEY`: `new,old` during a rotation.
 *
 * The first creates what expires (slot ids, encrypted texts), and each of them reads it. So put a new secret in front,
 * and remove the old one once everything it created has expired. The last creates what must never change (appointment
 * ids, keyed hashes): to remove it, or to add one behind it, changes the id of every appointment.
 */
export function createKeyrings(secrets?: readonly string[]): Keyrings {
  const [first, ...rest] = secrets ?? [];
  return [createKeyring(first), ...rest.map((secret) => createKeyring(secret))];
}

/** The keyring that creates what must never change. */
export function lastingKeyring(keyrings: Keyrings): Keyring {
  return keyrings.at(-1) ?? keyrings[0];
}
