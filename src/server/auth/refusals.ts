import type { Caller } from "../../domain/caller.js";
import type { OdsCode } from "../../domain/ods-code.js";
import { ForbiddenError, SpineGraphError, UnauthenticatedError } from "../../platform/errors.js";
import type { Claimed } from "./claims.js";

/** The issuer's keys cannot be had, so nobody can be identified. Not the caller's doing: the same token may serve later. */
export class KeysUnavailableError extends SpineGraphError {
  readonly code = "INTERNAL_SERVER_ERROR";

  constructor() {
    super("Callers cannot be identified at the moment. Try again later.");
  }
}

/** Gate G1 is closed: who asks may ask nothing. */
export interface Refusal {
  readonly error: SpineGraphError;
  /** For the audit. */
  readonly reason: string;
  /** For the audit: what is known of the caller; a blank is what is not. */
  readonly known: Caller;
}

export function refuse(error: SpineGraphError, claimed?: Claimed): Refusal {
  const known = {
    person: { localId: "", family: "", given: [], prefix: [], ...claimed?.person },
    organisation: { odsCode: claimed?.odsCode ?? ("" as OdsCode), name: "", asid: "", phone: "" },
  };
  return { error, reason: reasonOf(error), known };
}

function reasonOf(error: SpineGraphError): string {
  if (error instanceof UnauthenticatedError || error instanceof ForbiddenError) return error.reason;
  return "KEYS_UNAVAILABLE";
}
