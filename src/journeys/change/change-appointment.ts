import { runCommand } from "../../commands/command-engine.js";
import type { JourneyContext } from "../journey-context.js";
import { toPlacedAppointment } from "../placed-appointment.js";
import { orRefusal } from "../practice-refusals.js";
import { requireAppointmentId } from "../read-appointment.js";
import { amendCommand, cancelCommand } from "./change-command.js";
import type { ChangeOutcome } from "./change-outcome.js";
import type { ChangeDetails, ReadyToChange } from "./change-types.js";
import { checkChangeable } from "./conflict.js";
import { isAsLastWritten } from "./last-written.js";
import { readForChange } from "./read-for-change.js";
import { isFulfilled, type RequestedChange } from "./requested-change.js";
import { refuseWhileBookingIsOpen } from "./unreconciled-booking.js";

/** A change as the caller requested it. */
export interface ChangeRequest {
  readonly id: string;
  /** The version that the person saw. */
  readonly version: string;
  readonly change: RequestedChange;
  readonly idempotencyKey?: string | undefined;
}

/**
 * Cancels or amends an appointment (design section 9; GP Connect notes, 8.7 and 8.8).
 *
 * @throws BadUserInputError for malformed input, before any call; UpstreamError when nothing has been changed.
 */
export async function changeAppointment(
  { id, version, change, idempotencyKey }: ChangeRequest,
  context: JourneyContext,
): Promise<ChangeOutcome> {
  // Validate the request: nothing has been sent yet.
  const reference = await requireAppointmentId(id, "input.id", context);

  return runCommand(
    change.kind === "cancel" ? cancelCommand : amendCommand,
    {
      idempotencyKey,
      content: [id, version, change],
      prepare: () => prepare({ reference, version, change }, context),
    },
    context,
  );
}

interface ToChange extends Pick<ChangeDetails, "reference" | "change"> {
  /** The version that the person saw. */
  readonly version: string;
}

/** The steps before the send. What ends the change here binds no key: nothing has been sent. */
async function prepare(
  { reference, version, change }: ToChange,
  context: JourneyContext,
): Promise<ReadyToChange | ChangeOutcome> {
  return orRefusal(async (): Promise<ReadyToChange | ChangeOutcome> => {
    // 1. The gates for the patient and the practice; 2. the appointment as it is now.
    const now = await readForChange(reference, context);
    if (now.kind !== "read") return now;
    const { practice, appointment } = now;

    // 3. Gate G15: it may still be changed, and is the one that the person saw.
    const isOurLastWrite =
      appointment.versionId !== version && (await isAsLastWritten(reference, version, appointment, context));
    const seen = isOurLastWrite ? appointment.versionId : version;
    const conflict = checkChangeable(appointment, seen, reference, context);
    const placed = toPlacedAppointment(reference, appointment, context);
    if (conflict === "changed") return { kind: "changed", appointment: placed };
    if (conflict) return { kind: "not-changeable", code: conflict, appointment: placed };
    if (isFulfilled(change, appointment)) return { kind: "done", appointment: placed, warnings: [] };
    // By our clock it has not begun, but the practice does not give it for a change.
    if (now.received === undefined) throw now.refusal;

    // 4. No booking of its slots may still take effect.
    await refuseWhileBookingIsOpen(change.kind, reference, appointment.slotIds, context);
    return { kind: "ready", practice, received: now.received, reference, change };
  });
}
