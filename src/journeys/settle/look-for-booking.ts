import type { PracticeAppointment } from "../../domain/appointment.js";
import { toLondonDate } from "../../domain/london-time.js";
import type { HeldBooking } from "../book/booking-intent.js";
import { closedToCallingAnyPractice } from "../gates.js";
import type { JourneyContext } from "../journey-context.js";
import { tracePatient } from "../trace-patient.js";
import { readBack } from "./own-bookings.js";

export type Look =
  | { readonly kind: "found"; readonly record: PracticeAppointment }
  | {
      readonly kind: "absent";
      /** Nothing can come of it any more; otherwise a late commit may still. */
      readonly certain: boolean;
    }
  | {
      readonly kind: "unreadable" /** Practices do not show the days before today. */;
      readonly forGood: boolean;
    };

/**
 * Finds out what became of a booking that somebody sent earlier: with a trace and a look-up of its own, through the same
 * gates as any other call (assurance notes, 2.1). It asks and never sends.
 */
export async function lookForBooking(held: HeldBooking, context: JourneyContext): Promise<Look> {
  const { odsCode, nhsNumber, slots } = held.intent.asked;
  const today = toLondonDate(context.clock.now());
  if (toLondonDate(Date.parse(slots[0].start)) < today) return { kind: "unreadable", forGood: true };
  // Asked before the practice is: what it shows must be later than the last moment at which something can come.
  const certain = context.commands.isSpent(held);
  try {
    const traced = await tracePatient(nhsNumber, undefined, context);
    if (traced === undefined || closedToCallingAnyPractice(traced, context)) return UNREADABLE;
    const practice = await context.loaders.practiceEndpoint.load(odsCode);
    const current = traced.record.nhsNumber;
    const patient = await context.loaders.practicePatient.load({ odsCode, nhsNumber: current });
    if (patient === undefined) return UNREADABLE;
    const there = { practice, patientId: patient.id, nhsNumber: current };
    const found = await readBack(there, held, context);
    return found.kind === "ours" ? { kind: "found", record: found.record } : { kind: "absent", certain };
  } catch {
    // Whatever it was, it says nothing of the booking, and has been written down where it happened.
    return UNREADABLE;
  }
}

const UNREADABLE: Look = { kind: "unreadable", forGood: false };
