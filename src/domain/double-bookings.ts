import type { PracticeAppointment } from "./appointment.js";

/**
 * Whether one organisation has two booked appointments of the patient in one slot. A practice that saves a create twice, as
 * when the network delivers it twice, makes such a pair; nobody can prevent it after the create has been sent.
 *
 * @param appointments of one patient at one practice.
 */
export function hasDoubleBooking(appointments: readonly PracticeAppointment[], odsCode: string): boolean {
  const taken = new Set<string>();
  return appointments.some(({ status, bookingOrganisation, slotIds }) => {
    if (status !== "booked" || bookingOrganisation?.odsCode !== odsCode) return false;
    const isTaken = slotIds.some((slotId) => taken.has(slotId));
    for (const slotId of slotIds) taken.add(slotId);
    return isTaken;
  });
}
