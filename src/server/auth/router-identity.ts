import type { JWTPayload } from "jose";
import type { Clock } from "../../platform/clock.js";
import type { Config } from "../../platform/config/config.js";
import { UnauthenticatedError } from "../../platform/errors.js";
import type { Log } from "../../platform/telemetry/log.js";
import { createTokenVerifier, type Verification } from "./token-verifier.js";

/** The header in which a trusted router forwards who its caller is. */
export const ROUTER_IDENTITY_HEADER = "spine-router-identity";

/** No other token of the router may be used as an identity (RFC 8725, 3.11). */
const TOKEN_TYPE = "router-identity+jwt";
/** The router signs one token for each request, so it need not be valid for longer. */
const MAX_AGE_SECONDS = 60;

/**
 * Verifies a forwarded identity: signed with the router's key, of its own type, at most a minute old, and made for
 * this request: its claim `body_sha256` is the hash of the request's body.
 *
 * @param bodyHash SHA-256 of the decompressed body as base64url.
 */
export type VerifyRouterIdentity = (token: string, bodyHash: string | undefined) => Promise<Verification>;

/** Undefined when no router is trusted: the header then has no meaning. */
export function createRouterIdentityVerifier(
  { ROUTER_IDENTITY_ISSUER, ROUTER_IDENTITY_AUDIENCE, ROUTER_IDENTITY_JWKS_URL: jwksUrl }: Config,
  { clock, log }: { readonly clock: Clock; readonly log: Pick<Log, "warn" | "error"> },
): VerifyRouterIdentity | undefined {
  if (jwksUrl === undefined) return undefined;
  const verify = createTokenVerifier({
    issuer: ROUTER_IDENTITY_ISSUER ?? "",
    audience: ROUTER_IDENTITY_AUDIENCE ?? "",
    jwksUrl,
    clock,
    log,
    type: TOKEN_TYPE,
    maxAgeSeconds: MAX_AGE_SECONDS,
  });
  return async (token, bodyHash) => {
    const verification = await verify(token);
    if (verification.kind === "valid") {
      return isFor(verification.claims, bodyHash)
        ? verification
        : { kind: "invalid", error: invalid(), claims: verification.claims };
    }
    return verification.error instanceof UnauthenticatedError
      ? { ...verification, error: invalid() }
      : verification;
  };
}

function isFor(claims: JWTPayload, bodyHash: string | undefined): boolean {
  return bodyHash !== undefined && claims.body_sha256 === bodyHash;
}

const invalid = () =>
  new UnauthenticatedError(
    "ROUTER_IDENTITY_INVALID",
    "The forwarded identity has expired, or was not made by a trusted router for this request.",
  );
