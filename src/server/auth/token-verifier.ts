import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from "jose";
import type { Clock } from "../../platform/clock.js";
import { type SpineGraphError, UnauthenticatedError } from "../../platform/errors.js";
import type { Log } from "../../platform/telemetry/log.js";
import { KeysUnavailableError } from "./refusals.js";

export interface TokenVerifierOptions {
  readonly issuer: string;
  readonly audience: string;
  readonly jwksUrl: string;
  readonly clock: Clock;
  readonly log: Pick<Log, "warn" | "error">;
  /** Shortest time between two fetches of the keys that tokens with an unknown key id cause. */
  readonly cooldownMs?: number;
  readonly timeoutMs?: number;
  /** The `typ` that the token's header must have. */
  readonly type?: string;
  /** The longest time since the token's `iat`, which is then required. */
  readonly maxAgeSeconds?: number;
}

/** The claims of a valid token; or the error, with the claims if at least the signature was valid. */
export type Verification =
  | { readonly kind: "valid"; readonly claims: JWTPayload }
  | { readonly kind: "invalid"; readonly error: SpineGraphError; readonly claims?: JWTPayload };

export type VerifyToken = (token: string) => Promise<Verification>;

/** Asymmetric signatures only: no shared secret (`HS…`) and no unsigned token (`none`). */
const ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"];

const LEEWAY_SECONDS = 10;
const COOLDOWN_MS = 30_000;
const TIMEOUT_MS = 5_000;
/** Keys of this age are fetched again in the background, so that a withdrawn key is soon rejected. */
const RENEW_AFTER_MS = 10 * 60_000;
/** While the issuer cannot be reached, cached keys are used until this age. */
const KEYS_TTL_MS = 60 * 60_000;

/**
 * Verifies callers' bearer tokens against the key set of their issuer (RFC 7519, RFC 7517): signature, issuer, audience,
 * and the time limits `nbf` and `exp`. No part of a token is logged or kept in an error.
 */
export function createTokenVerifier(options: TokenVerifierOptions): VerifyToken {
  const { issuer, audience, jwksUrl, clock, log } = options;
  const keys = createRemoteJWKSet(new URL(jwksUrl), {
    timeoutDuration: options.timeoutMs ?? TIMEOUT_MS,
    cooldownDuration: options.cooldownMs ?? COOLDOWN_MS,
    cacheMaxAge: KEYS_TTL_MS,
  });
  const { type, maxAgeSeconds } = options;
  let renewedAt = clock.now();
  const renew = () => {
    if (keys.jwks() === undefined || clock.now() - renewedAt < RENEW_AFTER_MS) return;
    renewedAt = clock.now();
    keys.reload().catch((error: unknown) => {
      log.warn({ cause: codeOf(error) }, "the keys for callers' tokens could not be renewed");
    });
  };
  return async (token) => {
    renew();
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer,
        audience,
        algorithms: ALGORITHMS,
        clockTolerance: LEEWAY_SECONDS,
        currentDate: new Date(clock.now()),
        requiredClaims: ["exp"],
        ...(type !== undefined && { typ: type }),
        ...(maxAgeSeconds !== undefined && { maxTokenAge: maxAgeSeconds }),
      });
      return { kind: "valid", claims: payload };
    } catch (error) {
      const refusal = toRefusal(codeOf(error));
      if (refusal instanceof KeysUnavailableError) {
        log.error({ cause: codeOf(error) }, "the keys for callers' tokens are not available");
      }
      const claims = verifiedClaims(error);
      return { kind: "invalid", error: refusal, ...(claims && { claims }) };
    }
  };
}

/** A faulty token is the caller's fault. Any other error, such as an unreachable issuer, is not. */
function toRefusal(code: string): SpineGraphError {
  if (code === "ERR_JWT_EXPIRED") {
    return new UnauthenticatedError("TOKEN_EXPIRED", "The bearer token has expired. Sign in again.");
  }
  if (/^ERR_(JWT|JWS|JWE|JOSE_ALG|JOSE_NOT_SUPPORTED|JWKS_NO_MATCHING|JWKS_MULTIPLE)/.test(code)) {
    return new UnauthenticatedError("TOKEN_INVALID", "The bearer token is not valid for this service.");
  }
  return new KeysUnavailableError();
}

/** The claims of a token with a valid signature: the library checks claims after the signature and adds them to its error. */
function verifiedClaims(error: unknown): JWTPayload | undefined {
  const isClaimError = error instanceof errors.JWTExpired || error instanceof errors.JWTClaimValidationFailed;
  return isClaimError ? error.payload : undefined;
}

function codeOf(error: unknown): string {
  return error instanceof errors.JOSEError ? error.code : "NO_RESPONSE";
}
