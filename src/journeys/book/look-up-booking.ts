import type { Finding } from "../../commands/command-definition.js";
import type { PracticeAppointment } from "../../domain/appointment.js";
import { toLondonDate } from "../../domain/london-time.js";
import type { ClaimedBooking } from "../booking-intent.js";
import { denyAnyPracticeCall } from "../gates.js";
import type { JourneyContext } from "../journey-context.js";
import { tracePatient } from "../trace-patient.js";
import type { BookingTypes } from "./booking-types.js";
import { findDouble, type ReachedPatient, readBack } from "./read-back.js";

/**
 * Finds out what became of a booking that was sent earlier: with a trace and a look-up of its own, through the same
 * gates as any other call (assurance notes, 2.1). It never sends.
 */
export async function lookUpBooking(
  booking: ClaimedBooking,
  context: JourneyContext,
): Promise<Finding<BookingTypes>> {
  if (isDayOver(booking, context)) return { kind: "unreadable", forGood: true };
  try {
    const there = await reachPatient(booking, context);
    if (there === undefined) return { kind: "unreadable" };
    const back = await readBack(there, booking, context);
    if (back.kind === "other-times") return { kind: "mismatch" };
    return back.kind === "ours" ? { kind: "present", found: back } : { kind: "absent" };
  } catch {
    // The failure was audited where it happened, and says nothing about the booking.
    return { kind: "unreadable" };
  }
}

/** The appointment, if there is one, that a booking made beside the known one, once no send can take effect any more. */
export async function lookForDouble(
  booking: ClaimedBooking,
  knownId: string,
  context: JourneyContext,
): Promise<PracticeAppointment | "none" | "unreadable"> {
  if (isDayOver(booking, context)) return "none";
  try {
    const there = await reachPatient(booking, context);
    if (there === undefined) return "unreadable";
    return (await findDouble(there, booking, knownId, context)) ?? "none";
  } catch {
    return "unreadable";
  }
}

/** Practices do not show the days before today. */
function isDayOver({ intent }: ClaimedBooking, { clock }: JourneyContext): boolean {
  return toLondonDate(Date.parse(intent.details.slots[0].start)) < toLondonDate(clock.now());
}

/** @returns undefined when a gate is closed, or the practice does not know the patient. */
async function reachPatient(
  { intent }: ClaimedBooking,
  context: JourneyContext,
): Promise<ReachedPatient | undefined> {
  const { odsCode, nhsNumber: sentFor } = intent.details;
  const traced = await tracePatient(sentFor, undefined, context);
  if (traced === undefined || denyAnyPracticeCall(traced, context)) return undefined;
  const practice = await context.loaders.practiceEndpoint.load(odsCode);
  const { nhsNumber } = traced.record;
  const patient = await context.loaders.practicePatient.load({ odsCode, nhsNumber });
  return patient && { practice, patientId: patient.id, nhsNumber };
}
