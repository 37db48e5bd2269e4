import { BadUserInputError } from "../../platform/errors.js";
import { changeAppointment } from "../change/change-appointment.js";
import type { ChangeOutcome } from "../change/change-outcome.js";
import type { JourneyContext } from "../journey-context.js";

export interface CancelRequest {
  readonly id: string;
  /** The version that the person saw. */
  readonly version: string;
  readonly reason: string;
  readonly idempotencyKey?: string | undefined;
}

/** Practices state no limit; this bounds what a caller can make us send. */
const MAX_REASON = 1000;

/** Cancels an appointment, with a reason for the practice: see {@link changeAppointment}. */
export async function cancelAppointment(
  { reason, ...request }: CancelRequest,
  context: JourneyContext,
): Promise<ChangeOutcome> {
  if (reason.trim() === "") throw new BadUserInputError("input.reason", "The reason must not be blank.");
  if (reason.length > MAX_REASON) {
    throw new BadUserInputError("input.reason", `The reason is longer than ${MAX_REASON} characters.`);
  }
  return changeAppointment({ ...request, change: { kind: "cancel", reason } }, context);
}
