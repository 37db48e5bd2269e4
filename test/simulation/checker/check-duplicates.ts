import type { AppointmentEvent } from "../history.js";
import type { Evidence } from "./evidence.js";
import { type Violation, violation } from "./violation.js";

/**
 * No consumer can prevent the second effect of one create that the network delivers twice. Where both appointments stand
 * at the end, the service must report them to whoever lists the patient's appointments.
 */
export function checkDuplicates(evidence: Evidence): Violation[] {
  const first = new Map<string, AppointmentEvent>();
  return evidence.booked.flatMap((event) => {
    if (event.traceId === undefined || evidence.cancellationOf(event.appointmentId)) return [];
    const earlier = first.get(event.traceId);
    first.set(event.traceId, event);
    if (earlier === undefined || evidence.history.doubled.has(`${event.patientId} ${event.organisation}`)) {
      return [];
    }
    const both = `${earlier.appointmentId}, ${event.appointmentId}`;
    return violation("late duplicate not noticed", both, evidence.correlationOf(event) ?? "");
  });
}
