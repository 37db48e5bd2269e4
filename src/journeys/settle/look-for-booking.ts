import type { PracticeAppointment } from "../../domain/appointment.js";
import { toLondonDate } from "../../domain/london-time.js";
import type { HeldBooking } from "../book/booking-intent.js";
import { closedToCallingAnyPractice } from "../gates.js";
import type { JourneyContext } from "../journey-context.js";
import { tracePatient } from "../trace-patient.js";
import { findDouble, type PatientThere, readBack } from "./own-bookings.js";

export type Look =
  | { readonly kind: "found"; readonly record: PracticeAppointment; readonly bySend: boolean }
  | {
      readonly kind: "absent";
      /** Nothing can come of it any more; otherwise a late commit may still. */
      readonly certain: boolean;
    }
  | {
      readonly kind: "unreadable";
      /** Practices do not show the days before today. */
      readonly forGood: boolean;
    };

/**
 * Finds out what became of a booking that somebody sent earlier: with a trace and a look-up of its own, through the same
 * gates as any other call (assurance notes, 2.1). It asks and never sends.
 */
export async function lookForBooking(held: HeldBooking, context: JourneyContext): Promise<Look> {
  if (isOver(held, context)) return { kind: "unreadable", forGood: true };
  // Asked before the practice is: what it shows must be later than the last moment at which something can come.
  const certain = context.commands.isSpent(held);
  try {
    const there = await reachPatient(held, context);
    if (there === undefined) return UNREADABLE;
    const found = await readBack(there, held, context);
    return found.kind === "ours" ? { ...found, kind: "found" } : { kind: "absent", certain };
  } catch {
    // Whatever it was, it says nothing of the booking, and has been written down where it happened.
    return UNREADABLE;
  }
}

/** The appointment, if there is one, that a booking made beside the one it is known by, once nothing more can come of it. */
export async function lookForDouble(
  held: HeldBooking,
  known: string,
  context: JourneyContext,
): Promise<PracticeAppointment | "none" | "unreadable"> {
  if (isOver(held, context)) return "none";
  try {
    const there = await reachPatient(held, context);
    if (there === undefined) return "unreadable";
    return (await findDouble(there, held, known, context)) ?? "none";
  } catch {
    return "unreadable";
  }
}

/** Practices do not show the days before today. */
function isOver({ intent }: HeldBooking, { clock }: JourneyContext): boolean {
  return toLondonDate(Date.parse(intent.asked.slots[0].start)) < toLondonDate(clock.now());
}

/** @returns undefined when a gate is closed, or the practice does not know the patient. */
async function reachPatient(
  { intent }: HeldBooking,
  context: JourneyContext,
): Promise<PatientThere | undefined> {
  const { odsCode, nhsNumber: asked } = intent.asked;
  const traced = await tracePatient(asked, undefined, context);
  if (traced === undefined || closedToCallingAnyPractice(traced, context)) return undefined;
  const practice = await context.loaders.practiceEndpoint.load(odsCode);
  const { nhsNumber } = traced.record;
  const patient = await context.loaders.practicePatient.load({ odsCode, nhsNumber });
  return patient && { practice, patientId: patient.id, nhsNumber };
}

const UNREADABLE: Look = { kind: "unreadable", forGood: false };
