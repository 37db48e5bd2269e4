import type { Caller } from "../domain/caller.js";
import type { Config } from "../platform/config/config.js";

/**
 * The caller of every request in the sandbox without authentication: one synthetic, named clinician at the configured
 * organisation. Audit tokens must name a person, never a system (gate G1).
 */
export function sandboxCaller({ organisations }: Config): Caller {
  const [organisation] = organisations;
  if (organisation === undefined) throw new TypeError("the settings name at least one organisation");
  return {
    person: {
      localId: "sandbox-clinician-1",
      family: "Hartley",
      given: ["Imogen"],
      prefix: ["Dr"],
      sdsUserId: "999000000101",
      sdsRoleProfileId: "999000000102",
    },
    organisation,
  };
}
