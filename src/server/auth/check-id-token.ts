import type { Caller } from "../../domain/caller.js";
import type { Clock } from "../../platform/clock.js";
import type { Config } from "../../platform/config/config.js";
import { type SpineGraphError, UnauthenticatedError } from "../../platform/errors.js";
import type { Log } from "../../platform/telemetry/log.js";
import { requireOwnIdToken } from "./id-token.js";
import { createTokenVerifier } from "./token-verifier.js";

/** Whether an ID token belongs to the caller. @returns the error of one that does not, or undefined. */
export type CheckIdToken = (idToken: string, caller: Caller) => Promise<SpineGraphError | undefined>;

/**
 * Creates the check of ID tokens. With `ID_TOKEN_JWKS_URL`, signature, issuer and audience are verified too; without it,
 * PDS's token endpoint alone verifies them. Without authentication there is no bearer token that an ID token could belong to.
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
      if (!(verification.error instanceof UnauthenticatedError)) return verification.error;
      return new UnauthenticatedError("ID_TOKEN_INVALID", "The ID token is not valid for this service.");
    }
    try {
      requireOwnIdToken(idToken, caller, clock.now());
      return undefined;
    } catch (error) {
      if (error instanceof UnauthenticatedError) return error;
      throw error;
    }
  };
}
