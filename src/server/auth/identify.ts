import { type Caller, namesPerson } from "../../domain/caller.js";
import type { Scope } from "../../domain/scope.js";
import type { Clock } from "../../platform/clock.js";
import type { Config } from "../../platform/config/config.js";
import { ForbiddenError, UnauthenticatedError } from "../../platform/errors.js";
import type { Log } from "../../platform/telemetry/log.js";
import { sandboxCaller } from "../sandbox-caller.js";
import { ALL_SCOPES, createToScopes } from "./caller-scopes.js";
import { type CallerClaims, toCallerClaims } from "./claims.js";
import { createRefusal, type Refusal } from "./refusals.js";
import { createTokenVerifier, type VerifyToken } from "./token-verifier.js";

export type Identification =
  | { readonly kind: "caller"; readonly caller: Caller; readonly scopes: ReadonlySet<Scope> }
  | { readonly kind: "refused"; readonly refusal: Refusal };

/** Identifies the caller by the request's `Authorization` header. Never throws because of a header's content. */
export type Identify = (authorization: string | undefined) => Promise<Identification>;

export interface IdentifyOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Pick<Log, "warn" | "error">;
  /** Replaces the verifier that the settings select. For tests. */
  readonly verify?: VerifyToken;
}

/**
 * Gate G1 (assurance notes, 2.1): the caller needs a valid token that names a person at an organisation from the
 * settings. Without `AUTH_JWKS_URL`, possible in the sandbox only, every caller is one synthetic clinician.
 */
export function createIdentify({ config, clock, log, verify }: IdentifyOptions): Identify {
  const { AUTH_JWKS_URL: jwksUrl, AUTH_ISSUER: issuer = "", AUTH_AUDIENCE: audience = "" } = config;
  if (jwksUrl === undefined) {
    if (config.SPINE_ENV === "live") throw new TypeError("live mode does not run without authentication");
    const caller = sandboxCaller(config);
    return async () => ({ kind: "caller", caller, scopes: ALL_SCOPES });
  }
  const toScopes = createToScopes(config);
  const verifyToken = verify ?? createTokenVerifier({ issuer, audience, jwksUrl, clock, log });
  return async (authorization) => {
    const token = bearerToken(authorization);
    if (token === undefined) return refused(TOKEN_REQUIRED());
    const verification = await verifyToken(token);
    if (verification.kind === "valid") {
      const claims = toCallerClaims(verification.claims);
      return toIdentification(claims, toScopes(verification.claims, claims.person.role), config);
    }
    return refused(verification.error, verification.claims && toCallerClaims(verification.claims));
  };
}

function toIdentification(
  claims: CallerClaims,
  scopes: ReadonlySet<Scope>,
  { organisations }: Config,
): Identification {
  const { person, odsCode, patients } = claims;
  if (!namesPerson(person)) {
    const message = "The token names no person. Generic, shared and system accounts may not be used.";
    return refused(new ForbiddenError("NO_NAMED_USER", message), claims);
  }
  const organisation = organisations.find((known) => known.odsCode === odsCode);
  if (organisation === undefined) {
    const message = "The organisation named in the token is not one that is served here.";
    return refused(new ForbiddenError("UNKNOWN_ORGANISATION", message), claims);
  }
  return { kind: "caller", caller: { person, organisation, ...(patients && { patients }) }, scopes };
}

const TOKEN_REQUIRED = () => new UnauthenticatedError("TOKEN_REQUIRED", "A bearer token is required.");

function refused(...parameters: Parameters<typeof createRefusal>): Identification {
  return { kind: "refused", refusal: createRefusal(...parameters) };
}

/** RFC 6750, 2.1. */
function bearerToken(authorization: string | undefined): string | undefined {
  return /^Bearer +([A-Za-z0-9._~+/-]+=*) *$/i.exec(authorization ?? "")?.[1];
}
