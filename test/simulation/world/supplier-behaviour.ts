import { isSupplierProfileName, SUPPLIER_PROFILES } from "../../../src/sandbox/index.js";
import { type PracticeBehaviour, WELL_BEHAVED } from "./practice-behaviour.js";

/** The demonstrator takes seconds between the check of a slot and the save. */
const TWO_STEP_SAVE_MS = [1_200, 3_400] as const;

/**
 * The behaviour of a practice with a supplier profile of the sandbox. Profiles that differ in nothing that a command
 * can notice give a well-behaved practice.
 *
 * @throws RangeError for a name that is no profile
 */
export function behaviourOf(profileName: string): PracticeBehaviour {
  if (!isSupplierProfileName(profileName)) throw new RangeError(`there is no profile ${profileName}`);
  const { save, comment, putVersion } = SUPPLIER_PROFILES[profileName];
  return {
    ...WELL_BEHAVED,
    saveDelayMs: save === "two-step" ? TWO_STEP_SAVE_MS : undefined,
    texts: comment === "appended-to-description" ? "comment appended" : "kept",
    versions: putVersion === "differs" ? "other in response" : "kept",
  };
}
