import type { CodedValue } from "./coded-value.js";

/**
 * What Visitors & Migrants says of a patient. "No record", "unset" and a failed call are three different
 * things, and none of them means "not chargeable" (V&M notes, section 8).
 */
export interface ChargeableStatus {
  /** False: the search worked and there is no record of this patient. */
  readonly recorded: boolean;
  readonly status?: CodedValue | undefined;
  readonly category?: CodedValue | undefined;
  /** As sent: a date-time with offset. */
  readonly effectiveAt?: string | undefined;
}
