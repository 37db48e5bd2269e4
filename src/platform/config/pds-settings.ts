import { createPrivateKey, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";

/** How we come to PDS, among the settings. */
export interface PdsAccessSettings {
  readonly PDS_AUTH: "none" | "signed-jwt" | "token-exchange";
  readonly PDS_PRIVATE_KEY_FILE?: string | undefined;
}

/** With the address of PDS itself: the embedded one asks nobody for a token. */
/** What a token is asked for with. */
export const PDS_SIGNING = [
  "PDS_URL",
  "PDS_TOKEN_URL",
  "PDS_API_KEY",
  "PDS_KEY_ID",
  "PDS_PRIVATE_KEY_FILE",
] as const;

/** The least for RS512 (RFC 7518, 3.3). The NHS recommends 4096 (PDS notes, 3.1). */
const LEAST_KEY_BITS = 2048;

/** A token is asked for with what we sign, so all that signing needs must be there. */
export function pdsAccessFaults(settings: PdsAccessSettings, given: ReadonlySet<string>): string[] {
  if (settings.PDS_AUTH === "none") return [];
  const faults = PDS_SIGNING.filter((name) => !given.has(name)).map(
    (name) => `${name} is required with PDS_AUTH=${settings.PDS_AUTH}`,
  );
  if (settings.PDS_PRIVATE_KEY_FILE === undefined) return faults;
  const key = readPdsPrivateKey(settings.PDS_PRIVATE_KEY_FILE);
  return typeof key === "string" ? [...faults, key] : faults;
}

/** The key, or what is wrong with the file in words that name neither its place nor what it holds. */
export function readPdsPrivateKey(path: string): KeyObject | string {
  let pem: string;
  try {
    pem = readFileSync(path, "utf8");
  } catch {
    return "PDS_PRIVATE_KEY_FILE cannot be read";
  }
  try {
    const key = createPrivateKey(pem);
    // RS512 is the only algorithm that the token endpoint takes (PDS notes, 3.3).
    if (key.asymmetricKeyType !== "rsa") return "PDS_PRIVATE_KEY_FILE holds no RSA key";
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
    return bits < LEAST_KEY_BITS
      ? `PDS_PRIVATE_KEY_FILE holds a key of less than ${LEAST_KEY_BITS} bits`
      : key;
  } catch {
    return "PDS_PRIVATE_KEY_FILE holds no private key that can be read without a passphrase (PEM)";
  }
}
