import { decodeJwt, type JWTPayload } from "jose";
import type { Caller } from "../../domain/caller.js";
import type { Clock } from "../../platform/clock.js";
import type { Config } from "../../platform/config/config.js";
import { type SpineGraphError, UnauthenticatedError } from "../../platform/errors.js";
import type { Log } from "../../platform/telemetry/log.js";
import { toCallerClaims } from "./claims.js";
import { createTokenVerifier } from "./token-verifier.js";

/** Clocks may differ by this much, as for bearer tokens. */
const LEEWAY_SECONDS = 10;

/** Whether an ID token belongs to the caller. @returns the error of one that does not, or undefined. */
export type CheckIdToken = (idToken: string, caller: Caller) => Promise<SpineGraphError | undefined>;

/**
 * Creates the check that an ID token belongs to the caller whom the bearer token identifies: the same person, at the same
 * organisation if it names one, and not expired. With `ID_TOKEN_JWKS_URL` its signature, issuer and audience are verified
 * too. Without it, PDS's token endpoint verifies them: a forged ID token gets no data there, and sessions are bound
 * to the ID token, so it gets none from the cache either.
 *
 * Without authentication there is no bearer token that an ID token could belong to.
 */
export function createIdTokenCheck(
  config: Config,
  { clock, log }: { readonly clock: Clock; readonly log: Pick<Log, "warn" | "error"> },
): CheckIdToken {
  if (config.AUTH_JWKS_URL === undefined) return async () => undefined;
  const {
    ID_TOKEN_ISSUER: issuer = "",
    ID_TOKEN_AUDIENCE: audience = "",
    ID_TOKEN_JWKS_URL: jwksUrl,
  } = config;
  const verify =
    jwksUrl === undefined ? undefined : createTokenVerifier({ issuer, audience, jwksUrl, clock, log });
  return async (idToken, caller) => {
    const verification = await verify?.(idToken);
    if (verification?.kind === "invalid") {
      // Keys that are not available are no fault of the caller.
      return verification.error instanceof UnauthenticatedError ? invalid() : verification.error;
    }
    const claims = verification?.claims ?? decode(idToken);
    return claims !== undefined && isOwn(claims, caller, clock.now()) ? undefined : invalid();
  };
}

function isOwn(claims: JWTPayload, { person, organisation }: Caller, nowMs: number): boolean {
  const own = toCallerClaims(claims);
  const isSamePerson =
    own.person.localId !== "" &&
    (own.person.localId === person.localId ||
      (own.person.sdsUserId !== undefined && own.person.sdsUserId === person.sdsUserId));
  const isSameOrganisation = own.odsCode === undefined || own.odsCode === organisation.odsCode;
  const isCurrent = claims.exp === undefined || claims.exp + LEEWAY_SECONDS > nowMs / 1000;
  return isSamePerson && isSameOrganisation && isCurrent;
}

const invalid = () =>
  new UnauthenticatedError(
    "ID_TOKEN_INVALID",
    "The ID token has expired, is not valid, or belongs to another person or organisation than the bearer token.",
  );

function decode(idToken: string): JWTPayload | undefined {
  try {
    return decodeJwt(idToken);
  } catch {
    return undefined;
  }
}
