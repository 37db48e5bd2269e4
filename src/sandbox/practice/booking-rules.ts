import { identifierOf, isObject, type JsonObject, objectsIn } from "../shared/json.js";
import type { PracticeState } from "./practice-state.js";
import type { PracticeSlot } from "./slot.js";
import { IDENTIFIER } from "./urls.js";

const HOUR_MS = 3_600_000;

/** Whether the embargo of the practice has ended for a slot. */
export function isReleased(slot: PracticeSlot, { practice }: PracticeState, nowMs: number): boolean {
  const { bookingRules } = practice;
  return !bookingRules || slot.startMs - nowMs <= bookingRules.releaseHoursBefore * HOUR_MS;
}

/** Whether the booking organisation of a booking has reached its limit at the practice. */
export function isLimitReached({ practice, appointments }: PracticeState, booking: JsonObject): boolean {
  const { bookingRules } = practice;
  if (!bookingRules) return false;
  const organisation = bookingOrganisationOf(booking);
  const held = [...appointments.values()].filter(
    ({ resource }) => resource.status === "booked" && bookingOrganisationOf(resource) === organisation,
  );
  return held.length >= bookingRules.limitPerOrganisation;
}

function bookingOrganisationOf({ contained }: JsonObject): string | undefined {
  const organisation = objectsIn(contained).find(({ resourceType }) => resourceType === "Organization");
  return isObject(organisation) ? identifierOf(organisation, IDENTIFIER.odsCode) : undefined;
}
