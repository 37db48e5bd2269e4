import type { PracticeAppointment } from "../../domain/appointment.js";
import { lastOpenSend, spend, spendLast } from "../../platform/intents/index.js";
import {
  type BookingDone,
  type BookingIntent,
  type BookingRefusal,
  bookedOutcome,
  type HeldBooking,
  unknownOutcome,
} from "../book/booking-intent.js";
import type { BookingOutcome } from "../book/booking-outcome.js";
import type { JourneyContext } from "../journey-context.js";
import type { ReadBack } from "./own-bookings.js";

/** Ends of a booking: each is written down first and told then. */

/** The practice's own answer to the last send: the appointment stands. */
export async function recordCreated(
  held: HeldBooking,
  record: PracticeAppointment,
  context: JourneyContext,
): Promise<BookingOutcome> {
  return recordDone({ ...held, intent: spendLast(held.intent) }, { record, recovered: false }, context);
}

/**
 * The appointment was found.
 *
 * @param lastEnded the practice has refused the last send because the slots were taken: no more comes of it.
 */
export async function recordFound(
  held: HeldBooking,
  { record, bySend }: Pick<Found, "record" | "bySend">,
  context: JourneyContext,
  lastEnded = false,
): Promise<BookingOutcome> {
  // One send made it, the last one too, whatever it was answered: it may have arrived twice. Should the appointment be
  // cancelled soon, another that is open could still come in.
  const isOnly = bySend && openSends(held.intent) === 1;
  const ended = lastEnded ? spendLast(held.intent) : held.intent;
  const intent = isOnly ? spend(held.intent) : ended;
  return recordDone({ ...held, intent }, { record, recovered: true }, context);
}

type Found = Extract<ReadBack, { readonly kind: "ours" }>;

async function recordDone(
  held: HeldBooking,
  { record, recovered }: { readonly record: PracticeAppointment; readonly recovered: boolean },
  context: JourneyContext,
): Promise<BookingOutcome> {
  const { odsCode, nhsNumber } = held.intent.asked;
  const done: BookingDone = {
    made: { odsCode, appointmentId: record.id },
    appointment: { odsCode, nhsNumber, record, fetchedAt: context.clock.now() },
    recovered,
  };
  await context.commands.record(held, { ...held.intent, state: { name: "done", result: done } });
  return bookedOutcome(held.intent, done);
}

/** Nothing was booked by the last send, and nothing will be. */
export async function recordRefused(
  held: HeldBooking,
  answer: BookingRefusal,
  { commands }: JourneyContext,
): Promise<void> {
  const intent = spendLast(held.intent);
  await commands.record(held, { ...intent, state: { name: "refused", answer } });
}

/** It may stand. */
export async function recordUnknown(
  held: HeldBooking,
  { commands }: JourneyContext,
): Promise<BookingOutcome> {
  await commands.record(held, { ...held.intent, state: { name: "unknown" } });
  return unknownOutcome(held.intent.asked);
}

/**
 * Nothing was booked, and it may be sent again.
 *
 * @returns the intent as it now is; undefined when somebody else has changed it, or it could not be written.
 */
export async function recordAbsent(
  held: HeldBooking,
  { commands }: JourneyContext,
): Promise<HeldBooking | undefined> {
  const intent: BookingIntent = { ...spend(held.intent), state: { name: "absent" } };
  return (await commands.record(held, intent)) ? { ...held, revision: held.revision + 1, intent } : undefined;
}

function openSends({ sends }: BookingIntent): number {
  return sends.filter(({ end }) => end === "open").length;
}

/** Whether an earlier send than the last may have been carried out, or be yet. */
export function earlierSendOpen(intent: BookingIntent): boolean {
  return lastOpenSend(spendLast(intent)) !== undefined;
}
