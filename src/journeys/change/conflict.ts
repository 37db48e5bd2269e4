import type { PracticeAppointment } from "../../domain/appointment.js";
import type { AppointmentReference } from "../../platform/ids/appointment-id.js";
import { recordDenial } from "../gates.js";
import type { JourneyContext } from "../journey-context.js";
import type { NotChangeableCode } from "./change-outcome.js";

/**
 * Gate G15, on the appointment as it is now: it may still be changed, and it is the one that the person saw.
 *
 * @returns what is in the way, audited; undefined when the gate is open.
 */
export function checkChangeable(
  appointment: PracticeAppointment,
  version: string,
  { nhsNumber, odsCode }: AppointmentReference,
  context: JourneyContext,
): NotChangeableCode | "changed" | undefined {
  const conflict = findConflict(appointment, version, context.clock.now());
  if (conflict) {
    recordDenial(context, { gate: "G15", auditReason: conflict.toUpperCase(), nhsNumber, odsCode });
  }
  return conflict;
}

function findConflict(
  { status, deliveryChannel, start, versionId }: PracticeAppointment,
  version: string,
  now: number,
): NotChangeableCode | "changed" | undefined {
  if (status === "cancelled") return "ALREADY_CANCELLED";
  if (status !== "booked") return "NOT_BOOKED";
  if (deliveryChannel === "Visit") return "READ_ONLY_VISIT";
  if (Date.parse(start) <= now) return "APPOINTMENT_IN_PAST";
  return versionId === version ? undefined : "changed";
}
