import { createHash } from "node:crypto";
import { decodeJwt } from "jose";
import type { Secret } from "../../../platform/crypto/secret.js";
import { UnauthenticatedError } from "../../../platform/errors.js";
import type { CallContext } from "../../call-context.js";

/** The claims of the caller's ID token that we read. The token endpoint verifies it. */
export interface SignedInCaller {
  readonly idToken: Secret;
  /** Whose access token it brings: this person in this role at this organisation, by this sign-in. */
  readonly owner: string;
  /** When the sign-in ends, milliseconds since the epoch: an access token got by it serves no longer. */
  readonly notBeyond: number | undefined;
}

/** @throws UnauthenticatedError when the request carried no ID token, or one of the wrong form. */
export function readIdToken({ idToken, caller }: CallContext): SignedInCaller {
  if (idToken === undefined) {
    throw new UnauthenticatedError("ID_TOKEN_REQUIRED", "Sign in: the header Spine-Id-Token is missing.");
  }
  const { person, organisation } = caller;
  const signIn = createHash("sha256").update(idToken.reveal()).digest("base64url");
  const { localId, sdsUserId = "", sdsRoleProfileId = "" } = person;
  const owner = JSON.stringify([localId, sdsUserId, sdsRoleProfileId, organisation.odsCode, signIn]);
  return { idToken, owner, notBeyond: expiryOf(idToken) };
}

function expiryOf(idToken: Secret): number | undefined {
  try {
    const { exp } = decodeJwt(idToken.reveal());
    return typeof exp === "number" ? exp * 1000 : undefined;
  } catch {
    // The library's own error is not kept: it may quote the token.
    throw new UnauthenticatedError("ID_TOKEN_MALFORMED", "Sign in again: Spine-Id-Token holds no ID token.");
  }
}
