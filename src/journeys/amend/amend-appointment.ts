import { BadUserInputError } from "../../platform/errors.js";
import { changeAppointment } from "../change/change-appointment.js";
import type { ChangeOutcome } from "../change/change-outcome.js";
import { checkComment, checkDescription } from "../description-and-comment.js";
import type { JourneyContext } from "../journey-context.js";

export interface AmendRequest {
  readonly id: string;
  /** The version that the person saw. */
  readonly version: string;
  /** Left out, it stays as it is. */
  readonly description?: string | undefined;
  /** Left out, it stays as it is. Empty, it is removed. */
  readonly comment?: string | undefined;
  readonly idempotencyKey?: string | undefined;
}

/** Amends the description and comment of an appointment, the only elements that may be amended: see {@link changeAppointment}. */
export async function amendAppointment(
  { description, comment, ...request }: AmendRequest,
  context: JourneyContext,
): Promise<ChangeOutcome> {
  if (description === undefined && comment === undefined) {
    throw new BadUserInputError("input", "Give a description, a comment, or both.");
  }
  if (description !== undefined) checkDescription(description, "input.description");
  checkComment(comment, "input.comment");
  return changeAppointment({ ...request, change: { kind: "amend", description, comment } }, context);
}
