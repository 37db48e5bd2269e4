import type { BookingOutcome } from "../../src/journeys/book/booking-outcome.js";

/** The appointment's id at the practice, after a check that it was booked. */
export function idOf(outcome: BookingOutcome): string {
  if (outcome.kind !== "booked") throw new Error(`not booked: ${JSON.stringify(outcome)}`);
  return outcome.appointment.record.id;
}
