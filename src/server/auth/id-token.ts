import { decodeJwt } from "jose";
import type { Caller } from "../../domain/caller.js";
import { UnauthenticatedError } from "../../platform/errors.js";
import { toCallerClaims } from "./claims.js";

/** Clocks may differ by this much, as for bearer tokens. */
const LEEWAY_SECONDS = 10;

/**
 * Checks that an ID token belongs to the caller whom the bearer token identifies: the same person, at the same
 * organisation if it names one, and not expired. The signature is verified by PDS's token endpoint, which issues the
 * access token; a forged ID token gets no data there, and sessions are bound to the ID token, so it gets none from the
 * cache either.
 *
 * @throws UnauthenticatedError with reason `ID_TOKEN_INVALID`
 */
export function requireOwnIdToken(idToken: string, { person, organisation }: Caller, nowMs: number): void {
  const claims = decode(idToken);
  const own = claims && toCallerClaims(claims);
  const isSamePerson =
    own !== undefined &&
    own.person.localId !== "" &&
    (own.person.localId === person.localId ||
      (own.person.sdsUserId !== undefined && own.person.sdsUserId === person.sdsUserId));
  const isSameOrganisation = own?.odsCode === undefined || own.odsCode === organisation.odsCode;
  const isCurrent = claims?.exp === undefined || claims.exp + LEEWAY_SECONDS > nowMs / 1000;
  if (isSamePerson && isSameOrganisation && isCurrent) return;
  throw new UnauthenticatedError(
    "ID_TOKEN_INVALID",
    "The ID token has expired or belongs to another person or organisation than the bearer token.",
  );
}

function decode(idToken: string) {
  try {
    return decodeJwt(idToken);
  } catch {
    return undefined;
  }
}
