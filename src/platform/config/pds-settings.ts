import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";

/** The settings of our authentication to PDS. */
export interface PdsAccessSettings {
  readonly PDS_AUTH: "none" | "signed-jwt" | "token-exchange";
  readonly PDS_API_KEY?: string | undefined;
  readonly PDS_KEY_ID?: string | undefined;
  readonly PDS_PRIVATE_KEY_FILE?: string | undefined;
}

/** An application as the token endpoint registers it: who we are, and how our signatures are verified. */
export interface PdsApplicationSettings {
  readonly apiKey: string;
  readonly keyId: string;
  /** PEM format. */
  readonly publicKey: string;
}

/** The settings that a token request needs, and the address of PDS. The embedded sandbox has addresses of its own. */
export const PDS_SIGNING = [
  "PDS_URL",
  "PDS_TOKEN_URL",
  "PDS_API_KEY",
  "PDS_KEY_ID",
  "PDS_PRIVATE_KEY_FILE",
] as const;

/** Without both, the embedded sandbox is PDS and issues the tokens. */
const ADDRESSES: readonly string[] = ["PDS_URL", "PDS_TOKEN_URL"];

/** The minimum for RS512 (RFC 7518, 3.3). The NHS recommends 4096 (PDS notes, 3.1). */
const MIN_KEY_BITS = 2048;

/** We sign our token requests, so every setting for signing is required. */
export function pdsAccessFaults(settings: PdsAccessSettings, given: ReadonlySet<string>): string[] {
  if (settings.PDS_AUTH === "none") return [];
  const hasAddress = ADDRESSES.some((name) => given.has(name));
  const faults = PDS_SIGNING.filter((name) => hasAddress || !ADDRESSES.includes(name))
    .filter((name) => !given.has(name))
    .map((name) => `${name} is required with PDS_AUTH=${settings.PDS_AUTH}`);
  if (settings.PDS_PRIVATE_KEY_FILE === undefined) return faults;
  const key = readPdsPrivateKey(settings.PDS_PRIVATE_KEY_FILE);
  return typeof key === "string" ? [...faults, key] : faults;
}

/** The application of the settings, for the embedded sandbox. Undefined when PDS needs no token. */
export function pdsApplicationOf(settings: PdsAccessSettings): PdsApplicationSettings | undefined {
  const { PDS_AUTH, PDS_API_KEY: apiKey, PDS_KEY_ID: keyId, PDS_PRIVATE_KEY_FILE: file } = settings;
  if (PDS_AUTH === "none" || apiKey === undefined || keyId === undefined) return undefined;
  const key = readPdsPrivateKey(file ?? "");
  if (typeof key === "string") return undefined;
  return {
    apiKey,
    keyId,
    publicKey: createPublicKey(key).export({ type: "spki", format: "pem" }).toString(),
  };
}

/** The key, or what is wrong with the file. The words contain neither its path nor its content. */
export function readPdsPrivateKey(path: string): KeyObject | string {
  let pem: string;
  try {
    pem = readFileSync(path, "utf8");
  } catch {
    return "PDS_PRIVATE_KEY_FILE cannot be read";
  }
  try {
    const key = createPrivateKey(pem);
    // The token endpoint accepts RS512 only (PDS notes, 3.3).
    if (key.asymmetricKeyType !== "rsa") return "PDS_PRIVATE_KEY_FILE contains no RSA key";
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
    return bits < MIN_KEY_BITS
      ? `PDS_PRIVATE_KEY_FILE contains a key of less than ${MIN_KEY_BITS} bits`
      : key;
  } catch {
    return "PDS_PRIVATE_KEY_FILE contains no private key that can be read without a passphrase (PEM)";
  }
}
