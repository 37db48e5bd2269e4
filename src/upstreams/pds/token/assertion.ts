import { type KeyObject, randomUUID } from "node:crypto";
import { SignJWT } from "jose";

/** Our identity at the token endpoint: one application and one key for each environment (PDS notes, 3.1). */
export interface ClientIdentity {
  /** The application's API key. */
  readonly apiKey: string;
  /** Under which the public key is published. */
  readonly keyId: string;
  readonly privateKey: KeyObject;
  /** The token endpoint, exactly as the environment names it: it is also the assertion's audience. */
  readonly tokenUrl: string;
}

/** The middle of the advised range, 60 to 240 s, so that our clock may be wrong in either direction (PDS notes, 3.6). */
const LIFE_SECONDS = 150;

/**
 * The signed JWT that authenticates us. It serves one attempt only: the endpoint remembers its `jti` for 30 days, and
 * records it before it checks the signature (PDS notes, 3.3).
 */
export function signAssertion(client: ClientIdentity, now: number): Promise<string> {
  // `typ` is mandatory here, and the library does not add it by itself.
  return new SignJWT()
    .setProtectedHeader({ alg: "RS512", typ: "JWT", kid: client.keyId })
    .setIssuer(client.apiKey)
    .setSubject(client.apiKey)
    .setAudience(client.tokenUrl)
    .setJti(randomUUID())
    .setExpirationTime(Math.floor(now / 1000) + LIFE_SECONDS)
    .sign(client.privateKey);
}
