import type { AuditOutcome } from "../../platform/audit/audit.js";
import type { JourneyContext } from "../journey-context.js";

/**
 * What looking after a command has shown: it was carried out; it was not and will not be; nothing certain yet; nothing, and
 * nothing more can be found out; or, of all outcomes the one that people must put right, that it was carried out twice.
 */
export type Settlement = "BOOKED" | "CHANGED" | "ABSENT" | "PENDING" | "LOST" | "DOUBLED";

const OUTCOMES: Record<Settlement, AuditOutcome> = {
  BOOKED: "SUCCEEDED",
  CHANGED: "SUCCEEDED",
  ABSENT: "SUCCEEDED",
  PENDING: "UNKNOWN",
  LOST: "UNKNOWN",
  DOUBLED: "FAILED",
};

/** Into the audit, beside the records of the calls that were made for it. */
export function noteSettlement(
  settlement: Settlement,
  about: { readonly nhsNumber: string; readonly odsCode: string },
  { call }: JourneyContext,
): void {
  call.audit.record({
    operation: "settlement",
    outcome: OUTCOMES[settlement],
    reason: settlement,
    ...about,
  });
}
