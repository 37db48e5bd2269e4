import { createSecretKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { exportJWK, type JWTPayload, SignJWT, UnsecuredJWT } from "jose";
import { SCOPES } from "../../../src/domain/scope.js";
import { type LocalServer, sendJson, startLocalServer } from "../../support/local-server.js";

export const ISSUER = "https://login.example/";
export const AUDIENCE = "spine-graph";

/** Every permission, as an OAuth `scope` claim. */
export const ALL_SCOPES = SCOPES.join(" ");

/** A person as an issuer describes one, with every permission. */
export const MAJA: JWTPayload = {
  scope: ALL_SCOPES,
  sub: "user-7f3a",
  family_name: "Lindqvist",
  given_name: "Maja Karin",
  title: "Dr",
  nhsid_useruid: "111222333444",
  selected_roleid: "444555666777",
  nhsid_nrbac_roles: [
    {
      person_orgid: "900000000001",
      person_roleid: "444555666777",
      org_code: "T82000",
      role_code: "S8000:G8000:R8000",
      role_name: '"Clinical":"Clinical Provision":"General Medical Practitioner"',
    },
    { person_roleid: "444555666778", org_code: "T82099", role_code: "S8000:G8001:R8001" },
  ],
};

export interface SigningKey {
  readonly id: string;
  readonly algorithm: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

let made = 0;

export function makeKey(algorithm: "RS256" | "ES256" | "EdDSA" = "ES256"): SigningKey {
  made += 1;
  const pair =
    algorithm === "RS256"
      ? generateKeyPairSync("rsa", { modulusLength: 2048 })
      : algorithm === "ES256"
        ? generateKeyPairSync("ec", { namedCurve: "prime256v1" })
        : generateKeyPairSync("ed25519");
  return { id: `key-${made}`, algorithm, ...pair };
}

export interface TokenOptions {
  readonly key?: SigningKey;
  readonly issuer?: string;
  readonly audience?: string;
  /** Seconds since the epoch. */
  readonly now?: number;
  readonly expiresIn?: number | null;
  readonly notBefore?: number;
  readonly header?: Record<string, unknown>;
}

export interface TestIssuer {
  readonly server: LocalServer;
  /** What it publishes at the moment; a test may change it. */
  readonly published: SigningKey[];
  /** What it says instead of the key set, while set. */
  answer: { readonly status: number; readonly body: unknown } | "nothing" | undefined;
  /** The settings by which a graph takes its tokens. */
  readonly environment: Record<string, string>;
  sign(claims: JWTPayload, options?: TokenOptions): Promise<string>;
  close(): Promise<void>;
}

/** Moment of the tests: a clock that stands still at this one takes the tokens. */
export const NOW = Date.parse("2026-11-23T09:00:00Z");

/** An issuer of tokens on loopback, with its key set. */
export async function startIssuer(...keys: SigningKey[]): Promise<TestIssuer> {
  const published = keys.length > 0 ? keys : [makeKey()];
  const issuer = { answer: undefined } as { answer: TestIssuer["answer"] };
  const server = await startLocalServer(async (_request, response) => {
    if (issuer.answer === "nothing") return;
    if (issuer.answer) return sendJson(response, issuer.answer.status, issuer.answer.body);
    const set = await Promise.all(
      published.map(async ({ id, algorithm, publicKey }) => ({
        ...(await exportJWK(publicKey)),
        kid: id,
        alg: algorithm,
        use: "sig",
      })),
    );
    sendJson(response, 200, { keys: set });
  });
  return Object.assign(issuer, {
    server,
    published,
    environment: { AUTH_ISSUER: ISSUER, AUTH_AUDIENCE: AUDIENCE, AUTH_JWKS_URL: `${server.url}/keys` },
    async sign(claims: JWTPayload, options: TokenOptions = {}) {
      const { key = published[0], now = NOW / 1000, expiresIn = 300 } = options;
      if (key === undefined) throw new Error("the issuer has no key");
      const token = new SignJWT(claims)
        .setProtectedHeader({ alg: key.algorithm, kid: key.id, typ: "JWT", ...options.header })
        .setIssuer(options.issuer ?? ISSUER)
        .setAudience(options.audience ?? AUDIENCE)
        .setIssuedAt(now);
      if (expiresIn !== null) token.setExpirationTime(now + expiresIn);
      if (options.notBefore !== undefined) token.setNotBefore(options.notBefore);
      return token.sign(key.privateKey);
    },
    close: () => server.close(),
  });
}

/** Tokens that nobody may be let in with, whatever they say. */
export function unsignedToken(claims: JWTPayload): string {
  return new UnsecuredJWT(claims)
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setExpirationTime(NOW / 1000 + 300)
    .encode();
}

/** Signed with the issuer's public key as if it were a shared secret: an old way around careless verifiers. */
export async function sharedSecretToken(claims: JWTPayload, key: SigningKey): Promise<string> {
  const pem = key.publicKey.export({ type: "spki", format: "pem" }).toString();
  return new SignJWT(claims)
    .setProtectedHeader({ alg: "HS256", kid: key.id })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setExpirationTime(NOW / 1000 + 300)
    .sign(createSecretKey(Buffer.from(pem)));
}
