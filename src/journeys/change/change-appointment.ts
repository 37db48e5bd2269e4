import type { AppointmentReference } from "../../platform/ids/appointment-id.js";
import { answerInTime } from "../commands/background.js";
import { nameCommand } from "../commands/command-key.js";
import { unlessOpen } from "../commands/unless-open.js";
import type { JourneyContext } from "../journey-context.js";
import { orRefusal } from "../practice-refusals.js";
import { requireAppointmentId } from "../read-appointment.js";
import type { ChangeOutcome } from "./change-outcome.js";
import { changedBefore } from "./changed-before.js";
import { placed, unknownChange } from "./ended-change.js";
import { obstacleTo } from "./obstacle.js";
import { readForChange } from "./read-for-change.js";
import { type ReadyToChange, sendChange } from "./send-change.js";
import { refuseWhileBookingSettles } from "./settling-booking.js";
import { takeUpChange } from "./take-up-change.js";
import { isFulfilled, type Wish } from "./wish.js";

/** A change as the caller asked for it. */
export interface ChangeRequest {
  readonly id: string;
  /** The version that the person saw. */
  readonly version: string;
  readonly wish: Wish;
  readonly idempotencyKey?: string | undefined;
}

/**
 * Changes an appointment, whichever way: reads it as it is now, checks that it is the one that the person saw and may
 * still be changed (gate G15), and sends the whole resource back with what is wished for. An unclear end is settled by
 * reading again (design section 9; GP Connect notes, 8.7 and 8.8).
 *
 * @throws BadUserInputError for malformed input, before any call; UpstreamError when nothing has been changed.
 */
export async function changeAppointment(
  { id, version, wish, idempotencyKey }: ChangeRequest,
  context: JourneyContext,
): Promise<ChangeOutcome> {
  const reference = requireAppointmentId(id, "input.id", context);
  const command = nameCommand(wish.kind, idempotencyKey, [id, version, wish], context);

  // A key that is bound answers for itself.
  const before = command.wasGiven ? await changedBefore(command, context) : FREE;
  if (before.kind === "answered") return before.outcome;

  const unknown = () => unknownChange(command);
  const ready = await unlessOpen<ChangeOutcome, ReadyToChange>(before.held, unknown, () =>
    prepare({ reference, version, wish }, context),
  );
  if (ready.kind !== "ready") return ready;

  const taken = await unlessOpen<ChangeOutcome, Taken>(before.held, unknown, async () => ({
    kind: "ready",
    held: await takeUpChange({ command, reference, wish, version }, before.held, context),
  }));
  if (taken.kind !== "ready") return taken;
  const { held } = taken;
  if (held === undefined) {
    const other = await changedBefore(command, context);
    return other.kind === "answered" ? other.outcome : unknown();
  }
  const work = context.commands.background.run(command.key, () => sendChange(held, ready, context));
  return answerInTime(work, context.call.signal, unknown);
}

/** What came of taking the change up; undefined when somebody else is at work on it. */
interface Taken {
  readonly kind: "ready";
  readonly held: Awaited<ReturnType<typeof takeUpChange>>;
}

const FREE: Awaited<ReturnType<typeof changedBefore>> = { kind: "free" };

/** All that comes before the change leaves. What ends it here binds no key: nothing has been sent. */
async function prepare(
  { reference, version, wish }: { reference: AppointmentReference; version: string; wish: Wish },
  context: JourneyContext,
): Promise<ReadyToChange | ChangeOutcome> {
  return orRefusal(async (): Promise<ReadyToChange | ChangeOutcome> => {
    // The gates for the patient, the practice, and the appointment as it is now.
    const now = await readForChange(reference, context);
    if (now.kind !== "read") return now;
    const { practice, appointment } = now;
    const obstacle = obstacleTo(appointment, version, reference, context);
    const there = placed(reference, appointment, context);
    if (obstacle === "changed") return { kind: "changed", appointment: there };
    if (obstacle) return { kind: "not-changeable", code: obstacle, appointment: there };
    if (isFulfilled(wish, appointment)) return { kind: "done", appointment: there, warnings: [] };
    // By our clock it has not begun. The practice does not give it for a change all the same.
    if (now.received === undefined) throw now.refusal;
    await refuseWhileBookingSettles(wish.kind, reference, appointment.slotIds, context);
    return { kind: "ready", practice, received: now.received };
  });
}
