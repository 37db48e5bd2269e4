import type { AppointmentList, PracticeAppointment } from "../../src/domain/appointment.js";

/** A practice's list of appointments, complete and without warnings unless said otherwise. */
export function appointmentList(
  appointments: readonly PracticeAppointment[] = [],
  more: Partial<AppointmentList> = {},
): AppointmentList {
  return { appointments, warnings: [], isComplete: true, ...more };
}
