import type { PracticeAppointment } from "../../domain/appointment.js";
import type { UpstreamError } from "../../platform/errors.js";
import type { AppointmentReference } from "../../platform/ids/appointment-id.js";
import { lastOpenSend, spend, spendLast } from "../../platform/intents/index.js";
import { rememberError } from "../book/booking-intent.js";
import type { PlacedAppointment } from "../book/booking-outcome.js";
import type { AskedBy } from "../commands/asked-by.js";
import type { JourneyContext } from "../journey-context.js";
import { asPracticeRefusal } from "../practice-refusals.js";
import type { ChangeRefusal, HeldChange } from "./change-intent.js";
import type { ChangeOutcome } from "./change-outcome.js";
import { warningsOn } from "./warnings.js";

/** Ends of a change: each is written down first and told then. */

export async function recordFulfilled(
  held: HeldChange,
  appointment: PracticeAppointment,
  context: JourneyContext,
): Promise<ChangeOutcome> {
  // Whatever else of it comes in meets another version.
  await context.commands.record(held, { ...spend(held.intent), state: { name: "done", result: {} } });
  return fulfilled(held, appointment, context);
}

export function fulfilled(
  { intent }: HeldChange,
  appointment: PracticeAppointment,
  context: JourneyContext,
): ChangeOutcome {
  const { reference, wish } = intent.asked;
  return {
    kind: "done",
    appointment: placed(reference, appointment, context),
    warnings: warningsOn(wish, appointment),
  };
}

/** Somebody else changed it: nothing that was sent can be carried out any more. */
export async function recordChanged(
  held: HeldChange,
  appointment: PracticeAppointment,
  context: JourneyContext,
): Promise<ChangeOutcome> {
  await recordRefused(held, { kind: "changed" }, context);
  return { kind: "changed", appointment: placed(held.intent.asked.reference, appointment, context) };
}

export async function recordNotFound(held: HeldChange, context: JourneyContext): Promise<ChangeOutcome> {
  await recordRefused(held, { kind: "not-found" }, context);
  return { kind: "not-found" };
}

export async function recordUnknownChange(
  held: HeldChange,
  { commands }: JourneyContext,
): Promise<ChangeOutcome> {
  await commands.record(held, { ...held.intent, state: { name: "unknown" } });
  return unknownChange(held.intent.asked);
}

/**
 * The change was refused for certain. While an earlier send may still be carried out, that says nothing of that one.
 *
 * @throws UpstreamError for a refusal that is no outcome: nothing is changed.
 */
export async function refuseChange(
  held: HeldChange,
  error: UpstreamError,
  context: JourneyContext,
): Promise<ChangeOutcome> {
  const { intent } = held;
  const others = spendLast(intent);
  if (lastOpenSend(others) !== undefined) return recordUnknownChange({ ...held, intent: others }, context);
  const neverLeft = error.httpStatus === undefined;
  if (neverLeft && intent.sends.length <= 1) {
    await context.commands.intents.remove(held).catch(() => false);
    throw error;
  }
  if (neverLeft || error.retryable) {
    await context.commands.record(held, { ...spend(intent), state: { name: "absent" } });
    throw error;
  }
  const refusal = asPracticeRefusal(error);
  await recordRefused(held, refusal ?? rememberError(error), context);
  if (refusal) return refusal;
  throw error;
}

async function recordRefused(
  held: HeldChange,
  answer: ChangeRefusal,
  { commands }: JourneyContext,
): Promise<void> {
  await commands.record(held, { ...spend(held.intent), state: { name: "refused", answer } });
}

/** What is told as long as the end is not known. */
export function unknownChange({ handle }: Pick<AskedBy, "handle">): ChangeOutcome {
  return { kind: "outcome-unknown", handle };
}

export function placed(
  { odsCode, nhsNumber }: AppointmentReference,
  record: PracticeAppointment,
  { clock }: JourneyContext,
): PlacedAppointment {
  return { odsCode, nhsNumber, record, fetchedAt: clock.now() };
}
