import { createPrivateKey, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";

/** How we come to PDS, among the settings. */
export interface PdsAccessSettings {
  readonly PDS_AUTH: "none" | "signed-jwt" | "token-exchange";
  readonly PDS_PRIVATE_KEY_FILE?: string | undefined;
}

const NEEDED = ["PDS_TOKEN_URL", "PDS_API_KEY", "PDS_KEY_ID", "PDS_PRIVATE_KEY_FILE"] as const;

/** A token is asked for with what we sign, so all that signing needs must be there. */
export function pdsAccessFaults(settings: PdsAccessSettings, given: ReadonlySet<string>): string[] {
  if (settings.PDS_AUTH === "none") return [];
  const faults = NEEDED.filter((name) => !given.has(name)).map(
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
    return key.asymmetricKeyType === "rsa" ? key : "PDS_PRIVATE_KEY_FILE holds no RSA key";
  } catch {
    return "PDS_PRIVATE_KEY_FILE holds no private key that can be read without a passphrase (PEM)";
  }
}
