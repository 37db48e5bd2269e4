import { generateKeyPairSync } from "node:crypto";
import { SignJWT } from "jose";
import {
  AUDIENCE,
  ISSUER,
  MAJA,
  makeKey,
  NOW,
  type SigningKey,
  sharedSecretToken,
  type TestIssuer,
  unsignedToken,
} from "./issuer.js";

const AT = NOW / 1000;

/** A request header that must not admit anybody, and why it is refused. */
export interface BadCredential {
  readonly what: string;
  readonly reason: string;
  readonly authorization: () => Promise<string | undefined>;
}

/**
 * Every kind of token that must be refused before the operation. Each has all scopes and a named person, so that only
 * the one fault stands between it and the data.
 *
 * @param issuer called at the time of the request; it publishes an ES256 and then an RS256 key.
 */
export function badCredentials(issuer: () => TestIssuer): readonly BadCredential[] {
  const bearer = (what: string, reason: string, make: () => Promise<string> | string): BadCredential => ({
    what,
    reason,
    authorization: async () => `Bearer ${await make()}`,
  });
  const sign: TestIssuer["sign"] = (claims, options) => issuer().sign(claims, options);
  const invalid = (what: string, make: () => Promise<string> | string) => bearer(what, "TOKEN_INVALID", make);
  const published = (index: number): SigningKey => {
    const key = issuer().published[index];
    if (key === undefined) throw new Error("the issuer has no such key");
    return key;
  };
  const stranger = makeKey();
  return [
    { what: "no token", reason: "TOKEN_REQUIRED", authorization: async () => undefined },
    { what: "a password", reason: "TOKEN_REQUIRED", authorization: async () => "Basic bWFqYTptYWph" },
    invalid("no form of a token", () => "maja"),
    bearer("an expired token", "TOKEN_EXPIRED", () => sign(MAJA, { now: AT - 400, expiresIn: 300 })),
    invalid("a token without an end", () => sign(MAJA, { expiresIn: null })),
    invalid("a token that is not valid yet", () => sign(MAJA, { notBefore: AT + 3_600 })),
    invalid("another issuer", () => sign(MAJA, { issuer: "https://login.example" })),
    invalid("another audience", () => sign(MAJA, { audience: "spine-graph-test" })),
    invalid("no signature", () => unsignedToken(MAJA)),
    invalid("HS256 with the public EC key as the secret", () => sharedSecretToken(MAJA, published(0))),
    invalid("HS256 with the public RSA key as the secret", () => sharedSecretToken(MAJA, published(1))),
    invalid("PS256 under a key that is for RS256", () =>
      sign(MAJA, { key: published(1), header: { alg: "PS256" } }),
    ),
    invalid("another key under a known key id", () =>
      sign(MAJA, { key: { ...stranger, id: published(0).id } }),
    ),
    invalid("an unknown key id", () => sign(MAJA, { key: stranger })),
    invalid("a key of its own in the header", () => selfSigned(published(0).id)),
    invalid("changed claims under an old signature", async () => {
      const [head, , signature] = (await sign({ ...MAJA, scope: "practice" })).split(".");
      const [, claims] = (await sign(MAJA)).split(".");
      return [head, claims, signature].join(".");
    }),
    bearer("an organisation that is not served here", "UNKNOWN_ORGANISATION", () =>
      sign({ ...MAJA, ods_code: "T82099" }),
    ),
    bearer("no organisation", "UNKNOWN_ORGANISATION", () => sign({ ...MAJA, ods_code: "" })),
    bearer("nobody's name", "NO_NAMED_USER", () =>
      sign({ ...MAJA, family_name: "Desk", given_name: "Reception" }),
    ),
  ];
}

/** Names its own public key in the header, which a careless verifier would take. */
async function selfSigned(kid: string): Promise<string> {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const { kty = "EC", crv = "P-256", x = "", y = "" } = publicKey.export({ format: "jwk" });
  return new SignJWT(MAJA)
    .setProtectedHeader({ alg: "ES256", kid, jwk: { kty, crv, x, y } })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setExpirationTime(AT + 300)
    .sign(privateKey);
}
