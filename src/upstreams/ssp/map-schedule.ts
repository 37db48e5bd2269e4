import type { Location, Practitioner, Slot } from "../../domain/slot.js";
import type { BundleIndex } from "./bundle.js";
import { toLabel, toPractitioner, toPractitionerRoles } from "./map-people.js";
import { toLocation } from "./map-places.js";
import { toHealthcareService } from "./map-services.js";
import { isRecord, type Json, records, referencedId } from "./wire.js";

/** What all slots of one schedule share. */
export type ScheduleFacts = Pick<
  Slot,
  | "scheduleId"
  | "scheduleType"
  | "practitionerRole"
  | "practitionerRoles"
  | "practitioner"
  | "practitioners"
  | "location"
  | "service"
>;

/**
 * Reads each schedule of a bundle once.
 *
 * @returns a function that gives undefined for a schedule which the bundle does not hold, or whose location it does not
 *   hold: GP Connect demands the place of every slot.
 */
export function createScheduleReader(
  bundle: BundleIndex,
  today: string,
): (scheduleId: string) => ScheduleFacts | undefined {
  const known = new Map<string, ScheduleFacts | undefined>();
  return (scheduleId) => {
    if (!known.has(scheduleId)) known.set(scheduleId, toScheduleFacts(bundle, scheduleId, today));
    return known.get(scheduleId);
  };
}

function toScheduleFacts(bundle: BundleIndex, scheduleId: string, today: string): ScheduleFacts | undefined {
  const schedule = bundle.get("Schedule", scheduleId);
  const location = schedule && findLocation(bundle, schedule, today);
  if (!schedule || !location) return undefined;
  const practitioners = actorIds(schedule, "Practitioner").map((id) => findPractitioner(bundle, id, today));
  const practitionerRoles = toPractitionerRoles(schedule);
  return {
    scheduleId,
    scheduleType: toLabel(schedule.serviceCategory),
    practitionerRole: practitionerRoles[0],
    ...(practitionerRoles.length > 0 && { practitionerRoles }),
    practitioner: practitioners[0],
    ...(practitioners.length > 0 && { practitioners }),
    location,
    ...findService(bundle, schedule),
  };
}

function findLocation(bundle: BundleIndex, schedule: Json, today: string): Location | undefined {
  const resource = actorIds(schedule, "Location")
    .map((id) => bundle.get("Location", id))
    .find(isRecord);
  return resource && toLocation(resource, today);
}

/** A practitioner who is named but not included still has an id, which a booking needs. */
function findPractitioner(bundle: BundleIndex, id: string, today: string): Practitioner {
  const resource = bundle.get("Practitioner", id);
  return resource ? toPractitioner(resource, today) : { id };
}

/** At most one. A missing service, or one without a name, is no fault (assurance notes, US02). */
function findService(bundle: BundleIndex, schedule: Json): Pick<ScheduleFacts, "service"> {
  const id = actorIds(schedule, "HealthcareService")[0];
  if (id === undefined) return {};
  const resource = bundle.get("HealthcareService", id);
  return { service: resource ? toHealthcareService(resource) : { id } };
}

/** Each id once and in a fixed order, because the order of actors means nothing. */
function actorIds(schedule: Json, type: string): string[] {
  const ids = records(schedule.actor).flatMap((actor) => referencedId(actor, type) ?? []);
  return [...new Set(ids)].sort((a, b) => (a < b ? -1 : 1));
}
