import { createPublicKey, verify } from "node:crypto";
import { isObject, type JsonObject, parseJson } from "../../shared/json.js";
import { refuseToken } from "./token-outcome.js";

/** An application registered with the token endpoint: its API key and its public key. */
export interface PdsApplication {
  readonly apiKey: string;
  readonly keyId: string;
  /** PEM format. */
  readonly publicKey: string;
}

const DAY_SECONDS = 24 * 60 * 60;
/** How long each `jti` is kept to detect reuse (PDS notes, 3.3). */
const REMEMBERED_SECONDS = 30 * DAY_SECONDS;
/** `exp` may be at most 5 minutes ahead; the server tolerates 310 s. A just expired token passes within the clock allowance. */
const MOST_AHEAD_SECONDS = 310;
const CLOCK_ALLOWANCE_SECONDS = 10;

/** Checks a client assertion in the order of the real server (PDS notes, 3.3 and 3.5). */
export class AssertionChecks {
  readonly #seen = new Map<string, number>();

  constructor(
    private readonly application: PdsApplication | undefined,
    private readonly tokenUrls: readonly unknown[],
  ) {}

  /** @throws Refused on the first failed check. The `jti` counts as used before the key and signature are checked. */
  check(assertion: string | null, nowSeconds: number): void {
    if (!assertion) refuseToken(400, "invalid_request", "Missing client_assertion");
    const [header, claims] = readJwt(assertion);
    if (header.alg !== "RS512") malformed("Invalid 'alg' header in client_assertion JWT - must be 'RS512'");
    const { exp } = claims;
    if (typeof exp === "number" && exp + CLOCK_ALLOWANCE_SECONDS < nowSeconds) malformed("JWT has expired");
    if (typeof header.kid !== "string") malformed("Missing 'kid' header in client_assertion JWT");
    if (typeof header.typ !== "string" || header.typ.toUpperCase() !== "JWT") {
      malformed("Invalid 'typ' header in client_assertion JWT - must be 'JWT'");
    }
    if (exp === undefined) malformed("Missing 'exp' claim in client_assertion JWT");
    if (!Number.isInteger(exp)) malformed("'exp' claim in client_assertion JWT must be an integer");
    if (!claims.iss || claims.iss !== claims.sub) malformed("Missing or non-matching 'iss'/'sub' claims");
    this.#registerJti(claims, nowSeconds);
    if (Number(exp) > nowSeconds + MOST_AHEAD_SECONDS) malformed("'exp' more than 5 minutes in future");
    this.#checkSender(assertion, header, claims);
  }

  #registerJti({ iss, jti }: JsonObject, now: number): void {
    if (jti === undefined) malformed("Missing 'jti' claim in client_assertion JWT");
    if (typeof jti !== "string" || jti === "") malformed("'jti' claim must be a unique string value");
    const key = JSON.stringify([iss, jti]);
    const seenAt = this.#seen.get(key);
    if (seenAt !== undefined && seenAt + REMEMBERED_SECONDS > now) malformed("Non-unique 'jti' claim");
    this.#seen.set(key, now);
  }

  #checkSender(assertion: string, header: JsonObject, claims: JsonObject): void {
    const { application } = this;
    if (application === undefined || claims.iss !== application.apiKey) {
      refuseToken(401, "invalid_request", "Invalid 'iss'/'sub' claims in client_assertion JWT");
    }
    if (!this.tokenUrls.includes(claims.aud)) {
      refuseToken(401, "invalid_request", "Missing or invalid 'aud' claim in client_assertion JWT");
    }
    if (header.kid !== application.keyId) {
      refuseToken(401, "invalid_request", "Invalid 'kid' header - no matching public key");
    }
    const end = assertion.lastIndexOf(".");
    const signature = Buffer.from(assertion.slice(end + 1), "base64url");
    const signed = Buffer.from(assertion.slice(0, end));
    if (!verify("sha512", signed, createPublicKey(application.publicKey), signature)) {
      refuseToken(401, "public_key error", "JWT signature verification failed");
    }
  }
}

/** @returns header and claims, or undefined when the text does not have the form of a JWT. */
export function parseJwt(text: string): [JsonObject, JsonObject] | undefined {
  const parts = text.split(".");
  const [header, claims] = parts
    .slice(0, 2)
    .map((part) => parseJson(Buffer.from(part, "base64url").toString("utf8")));
  return parts.length === 3 && isObject(header) && isObject(claims) ? [header, claims] : undefined;
}

function readJwt(text: string): [JsonObject, JsonObject] {
  return parseJwt(text) ?? malformed("Malformed JWT in client_assertion");
}

function malformed(description: string): never {
  return refuseToken(400, "invalid_request", description);
}
