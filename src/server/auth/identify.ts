import { isDeepStrictEqual } from "node:util";
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
import { createRouterIdentityVerifier } from "./router-identity.js";
import { createTokenVerifier, type Verification, type VerifyToken } from "./token-verifier.js";

export type Identification =
  | { readonly kind: "caller"; readonly caller: Caller; readonly scopes: ReadonlySet<Scope> }
  | { readonly kind: "refused"; readonly refusal: Refusal };

/** What a request says about its caller. */
export interface Credentials {
  readonly authorization: string | undefined;
  /** The header of a router, which only counts where one is trusted. */
  readonly routerIdentity?: string | undefined;
  readonly bodyHash?: string | undefined;
}

/** Identifies the caller by the request's headers. Never throws because of a header's content. */
export type Identify = (credentials: Credentials) => Promise<Identification>;

export interface IdentifyOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Pick<Log, "warn" | "error">;
  /** Replaces the verifier that the settings select. For tests. */
  readonly verify?: VerifyToken;
}

/**
 * Gate G1 (assurance notes, 2.1): the caller needs a valid token that names a person at an organisation from the
 * settings. Where a router is trusted, the identity that it forwards is as good; with a bearer token beside it, both must
 * name the same caller. Without `AUTH_JWKS_URL`, possible in the sandbox only, every caller is one synthetic clinician.
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
  const verifyRouterIdentity = createRouterIdentityVerifier(config, { clock, log });
  const identifyBy = (verification: Verification): Identification => {
    if (verification.kind === "valid") {
      const claims = toCallerClaims(verification.claims);
      return toIdentification(claims, toScopes(verification.claims, claims.person.role), config);
    }
    return refused(verification.error, verification.claims && toCallerClaims(verification.claims));
  };
  const identifyBearer = async (authorization: string | undefined) => {
    const token = bearerToken(authorization);
    return token === undefined ? refused(TOKEN_REQUIRED()) : identifyBy(await verifyToken(token));
  };
  return async ({ authorization, routerIdentity, bodyHash }) => {
    if (verifyRouterIdentity === undefined || routerIdentity === undefined)
      return identifyBearer(authorization);
    const forwarded = identifyBy(await verifyRouterIdentity(routerIdentity, bodyHash));
    if (authorization === undefined || forwarded.kind === "refused") return forwarded;
    return requireSame(forwarded, await identifyBearer(authorization));
  };
}

/** The same caller with the permissions that both grant; otherwise it is not known which of the two makes the request. */
function requireSame(forwarded: Identification, own: Identification): Identification {
  if (own.kind === "refused" || forwarded.kind === "refused") return own;
  if (!isDeepStrictEqual(forwarded.caller, own.caller)) {
    const message = "The forwarded identity and the bearer token name different callers.";
    return {
      kind: "refused",
      refusal: {
        error: new UnauthenticatedError("IDENTITY_CONFLICT", message),
        reason: "IDENTITY_CONFLICT",
        known: own.caller,
      },
    };
  }
  return { ...own, scopes: new Set([...own.scopes].filter((scope) => forwarded.scopes.has(scope))) };
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
