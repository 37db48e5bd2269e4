import type { DirectoryEntry } from "../domain/directory-entry.js";
import type { NhsNumber } from "../domain/nhs-number.js";
import type { OdsCode } from "../domain/ods-code.js";
import { UpstreamError } from "../platform/errors.js";
import { recordDenial } from "./gates.js";
import type { JourneyContext } from "./journey-context.js";

/** What the directory says of a practice that cannot be called. */
const NO_ENDPOINT = new Set([
  "NOT_ON_GP_CONNECT",
  "DIRECTORY_ENTRY_INCOMPLETE",
  "UNUSABLE_DIRECTORY_ADDRESS",
]);

/**
 * Step 2 of every command, and the first half of gate G11: where the practice's system is. The second half, agreement
 * and capability, shows only when the practice refuses the call.
 */
export async function reachPractice(
  odsCode: OdsCode,
  nhsNumber: NhsNumber,
  context: JourneyContext,
): Promise<DirectoryEntry> {
  try {
    return await context.loaders.practiceEndpoint.load(odsCode);
  } catch (error) {
    if (error instanceof UpstreamError && NO_ENDPOINT.has(error.reason ?? "")) {
      recordDenial(context, { gate: "G11", auditReason: "NO_ENDPOINT", nhsNumber, odsCode });
    }
    throw error;
  }
}
