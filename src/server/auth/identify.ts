import { type Caller, namesPerson } from "../../domain/caller.js";
import type { Clock } from "../../platform/clock.js";
import type { Config } from "../../platform/config/config.js";
import { ForbiddenError, UnauthenticatedError } from "../../platform/errors.js";
import type { Log } from "../../platform/telemetry/log.js";
import { sandboxCaller } from "../sandbox-caller.js";
import { type Claimed, readClaims } from "./claims.js";
import { type Refusal, refuse } from "./refusals.js";
import { createTokenVerifier, type VerifyToken } from "./token-verifier.js";

export type Identification =
  | { readonly kind: "caller"; readonly caller: Caller }
  | { readonly kind: "refused"; readonly refusal: Refusal };

/** Says who asks, from the request's `Authorization` header. Never throws for what a caller sent. */
export type Identify = (authorization: string | undefined) => Promise<Identification>;

export interface IdentifyOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Pick<Log, "warn" | "error">;
  /** In place of the one that the settings ask for, for tests. */
  readonly verify?: VerifyToken;
}

/**
 * Gate G1 (assurance notes, 2.1): a valid token that names a person, at an organisation known to us. Without
 * `AUTH_JWKS_URL`, which only the sandbox can be, everybody is its one synthetic clinician.
 */
export function createIdentify({ config, clock, log, verify }: IdentifyOptions): Identify {
  const { AUTH_JWKS_URL: jwksUrl, AUTH_ISSUER: issuer = "", AUTH_AUDIENCE: audience = "" } = config;
  if (jwksUrl === undefined) {
    if (config.SPINE_ENV === "live") throw new TypeError("live mode does not run without authentication");
    const caller = sandboxCaller(config);
    return async () => ({ kind: "caller", caller });
  }
  const verifyToken = verify ?? createTokenVerifier({ issuer, audience, jwksUrl, clock, log });
  return async (authorization) => {
    const token = bearerToken(authorization);
    if (token === undefined) return refused(TOKEN_REQUIRED());
    const verification = await verifyToken(token);
    if (verification.kind === "good") return admit(readClaims(verification.claims), config);
    return refused(verification.error, verification.claims && readClaims(verification.claims));
  };
}

function admit(claimed: Claimed, { organisations }: Config): Identification {
  const { person, odsCode, patients } = claimed;
  if (!namesPerson(person)) {
    const message = "The token names no person. Generic, shared and system accounts may not be used.";
    return refused(new ForbiddenError("NO_NAMED_USER", message), claimed);
  }
  const organisation = organisations.find((one) => one.odsCode === odsCode);
  if (organisation === undefined) {
    const message = "The organisation named in the token is not one that is served here.";
    return refused(new ForbiddenError("UNKNOWN_ORGANISATION", message), claimed);
  }
  return { kind: "caller", caller: { person, organisation, ...(patients && { patients }) } };
}

const TOKEN_REQUIRED = () => new UnauthenticatedError("TOKEN_REQUIRED", "A bearer token is required.");

function refused(...parameters: Parameters<typeof refuse>): Identification {
  return { kind: "refused", refusal: refuse(...parameters) };
}

/** RFC 6750, 2.1. */
function bearerToken(authorization: string | undefined): string | undefined {
  return /^Bearer +([A-Za-z0-9._~+/-]+=*) *$/i.exec(authorization ?? "")?.[1];
}
