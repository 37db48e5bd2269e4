import type { PracticeAppointment } from "../../domain/appointment.js";
import { toLondonDate } from "../../domain/london-time.js";
import { closedToCallingAnyPractice } from "../gates.js";
import type { JourneyContext } from "../journey-context.js";
import { readOrList } from "../read-appointment.js";
import { tracePatient } from "../trace-patient.js";
import { type BookingDone, bookedOutcome, type HeldBooking, unknownOutcome } from "./booking-intent.js";
import type { BookingOutcome, PlacedAppointment } from "./booking-outcome.js";

/**
 * The answer of a booking that was made: the same appointment, its state read anew. While the state cannot be read,
 * whether it still stands is not known, and that is said. Of an appointment of an earlier day, which no practice shows,
 * the last state known is given, with its time.
 */
export async function replayBooking(
  { intent }: HeldBooking,
  done: BookingDone,
  context: JourneyContext,
): Promise<BookingOutcome> {
  const { appointment } = done;
  const { start } = appointment.record;
  if (toLondonDate(Date.parse(start)) < toLondonDate(context.clock.now())) return bookedOutcome(intent, done);
  try {
    const record = await readAnew(appointment, context);
    if (record === undefined) return unknownOutcome(intent.asked);
    return bookedOutcome(intent, {
      ...done,
      appointment: { ...appointment, record, fetchedAt: context.clock.now() },
    });
  } catch {
    return unknownOutcome(intent.asked);
  }
}

async function readAnew(
  { odsCode, nhsNumber, record }: PlacedAppointment,
  context: JourneyContext,
): Promise<PracticeAppointment | undefined> {
  const traced = await tracePatient(nhsNumber, undefined, context);
  if (traced === undefined || closedToCallingAnyPractice(traced, context)) return undefined;
  const practice = await context.loaders.practiceEndpoint.load(odsCode);
  const reference = { odsCode, nhsNumber, appointmentId: record.id };
  return (await readOrList(practice, reference, context))?.appointment;
}
