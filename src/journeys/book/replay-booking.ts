import type { PracticeAppointment } from "../../domain/appointment.js";
import { toLondonDate } from "../../domain/london-time.js";
import type { BookingResult } from "../booking-intent.js";
import { denyAnyPracticeCall } from "../gates.js";
import type { JourneyContext } from "../journey-context.js";
import { type PlacedAppointment, toPlacedAppointment } from "../placed-appointment.js";
import { readOrList } from "../read-appointment.js";
import { tracePatient } from "../trace-patient.js";

/**
 * The result of a booking that was made: the same appointment, its state read again. No practice shows an appointment of
 * an earlier day; of such a one the last state known is given, with its time.
 *
 * @returns undefined while the state cannot be read: whether the appointment still stands is then not known.
 */
export async function replayBooking(
  result: BookingResult,
  context: JourneyContext,
): Promise<BookingResult | undefined> {
  const { appointment } = result;
  const { start } = appointment.record;
  if (toLondonDate(Date.parse(start)) < toLondonDate(context.clock.now())) return result;
  try {
    const record = await readAnew(appointment, context);
    return record && { ...result, appointment: toPlacedAppointment(appointment, record, context) };
  } catch {
    return undefined;
  }
}

async function readAnew(
  { odsCode, nhsNumber, record }: PlacedAppointment,
  context: JourneyContext,
): Promise<PracticeAppointment | undefined> {
  const traced = await tracePatient(nhsNumber, undefined, context);
  if (traced === undefined || denyAnyPracticeCall(traced, context)) return undefined;
  const practice = await context.loaders.practiceEndpoint.load(odsCode);
  const reference = { odsCode, nhsNumber, appointmentId: record.id, patientId: record.patientId };
  return (await readOrList(practice, reference, context))?.appointment;
}
