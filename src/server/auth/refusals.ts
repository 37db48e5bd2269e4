import type { Caller } from "../../domain/caller.js";
import type { OdsCode } from "../../domain/ods-code.js";
import { ForbiddenError, SpineGraphError, UnauthenticatedError } from "../../platform/errors.js";
import type { CallerClaims } from "./claims.js";

/** The issuer's keys are not available, so no caller can be identified. The same token may be valid later. */
export class KeysUnavailableError extends SpineGraphError {
  readonly code = "INTERNAL_SERVER_ERROR";

  constructor() {
    super("Callers cannot be identified at the moment. Try again later.");
  }
}

/** Gate G1 denies the caller every operation. */
export interface Refusal {
  readonly error: SpineGraphError;
  /** For the audit. */
  readonly reason: string;
  /** For the audit: what is known about the caller. An empty text means unknown. */
  readonly known: Caller;
}

export function createRefusal(error: SpineGraphError, claims?: CallerClaims): Refusal {
  const known = {
    person: { localId: "", family: "", given: [], prefix: [], ...claims?.person },
    organisation: { odsCode: claims?.odsCode ?? ("" as OdsCode), name: "", asid: "", phone: "" },
  };
  return { error, reason: reasonOf(error), known };
}

/** The reason of a refusal, for the audit. */
export function reasonOf(error: SpineGraphError): string {
  if (error instanceof UnauthenticatedError || error instanceof ForbiddenError) return error.reason;
  return "KEYS_UNAVAILABLE";
}
