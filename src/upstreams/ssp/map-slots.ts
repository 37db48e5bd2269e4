import type { CodedValue } from "../../domain/coded-value.js";
import type { OdsCode } from "../../domain/ods-code.js";
import type {
  HealthcareService,
  Location,
  Organisation,
  Practitioner,
  Slot,
  SlotSearchResponse,
} from "../../domain/slot.js";
import { toBundleWarnings } from "./bundle-warnings.js";
import { toPractitioner, toPractitionerRole } from "./map-people.js";
import { toLocation, toOrganisation } from "./map-places.js";
import { filteringWarnings, toFilteringStatus, toHealthcareService } from "./map-services.js";
import { expectDateTime, expectResource, expectText, UnusableResponse } from "./unusable-response.js";
import {
  BundleIndex,
  EXTENSION,
  extensionValue,
  firstRecord,
  isRecord,
  type Json,
  records,
  referencedId,
  text,
} from "./wire.js";

/** What all slots of one schedule share. */
interface ScheduleFacts {
  readonly scheduleId: string;
  readonly scheduleType: string | undefined;
  readonly practitionerRole: CodedValue | undefined;
  readonly practitioner: Practitioner | undefined;
  readonly location: Location;
  readonly service?: HealthcareService | undefined;
}

/** What the answer is to. */
export interface SlotQuestion {
  readonly odsCode: OdsCode;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly serviceId?: string | undefined;
}

/**
 * Joins a slot search's bundle: slot → schedule → location and practitioner, by `Type/id` and in whatever order
 * the practice wrote them (GP Connect notes, sections 8.4 and 9.1). Left out are slots that are not free, and
 * those that have begun: some systems still list them, and they can never be booked.
 *
 * @returns the slots in order of time.
 * @throws UnusableResponse when a free slot lacks its times, its schedule or its location, or the practice reports an
 * error beside them.
 */
export function toSlotSearchResponse(
  body: unknown,
  { odsCode, now, serviceId }: SlotQuestion,
): SlotSearchResponse {
  const resource = expectResource(body, "Bundle");
  const bundle = new BundleIndex(resource);
  const remarks = toBundleWarnings(bundle);
  const schedules = new Map<string, ScheduleFacts>();
  const factsOf = (scheduleId: string) => {
    const known = schedules.get(scheduleId) ?? toScheduleFacts(bundle, scheduleId);
    schedules.set(scheduleId, known);
    return known;
  };
  const slots = new Map<string, { slot: Slot; startsAt: number }>();
  for (const entry of bundle.all("Slot")) {
    if (entry.status !== "free") continue;
    const slot = toSlot(entry, factsOf);
    const startsAt = Date.parse(slot.start);
    if (startsAt > now) slots.set(slot.id, { slot, startsAt });
  }
  const inOrder = [...slots.values()].sort(
    (a, b) => a.startsAt - b.startsAt || compare(a.slot.id, b.slot.id),
  );
  const answer = { slots: inOrder.map(({ slot }) => slot), organisation: thePractice(bundle, odsCode) };
  const serviceFiltering = toFilteringStatus(resource);
  const warnings = [...remarks, ...(serviceId === undefined ? [] : filteringWarnings(serviceFiltering))];
  return {
    ...answer,
    ...(warnings.length > 0 && { warnings }),
    ...(serviceFiltering !== undefined && { serviceFiltering }),
  };
}

function toSlot(resource: Json, factsOf: (scheduleId: string) => ScheduleFacts): Slot {
  const scheduleId = referencedId(resource.schedule, "Schedule");
  if (scheduleId === undefined) throw new UnusableResponse("INCOMPLETE_ANSWER");
  return {
    id: expectText(resource.id),
    start: expectDateTime(resource.start),
    end: expectDateTime(resource.end),
    deliveryChannel: text(extensionValue(resource, EXTENSION.deliveryChannel, "valueCode")),
    serviceType: text(firstRecord(resource.serviceType)?.text),
    ...factsOf(scheduleId),
  };
}

function toScheduleFacts(bundle: BundleIndex, scheduleId: string): ScheduleFacts {
  const schedule = bundle.get("Schedule", scheduleId);
  if (!schedule) throw new UnusableResponse("INCOMPLETE_ANSWER");
  const location = actorIds(schedule, "Location")
    .map((id) => bundle.get("Location", id))
    .find(isRecord);
  if (!location) throw new UnusableResponse("INCOMPLETE_ANSWER");
  const practitionerId = actorIds(schedule, "Practitioner")[0];
  return {
    scheduleId,
    scheduleType: text(firstRecord(schedule.serviceCategory)?.text),
    practitionerRole: toPractitionerRole(schedule),
    practitioner: practitionerId === undefined ? undefined : thePractitioner(bundle, practitionerId),
    location: toLocation(location),
    ...theService(bundle, schedule),
  };
}

/** At most one; that there is none, or that it has no name, is no fault (assurance notes, US02). */
function theService(bundle: BundleIndex, schedule: Json): Pick<ScheduleFacts, "service"> {
  const id = actorIds(schedule, "HealthcareService")[0];
  if (id === undefined) return {};
  const resource = bundle.get("HealthcareService", id);
  return { service: resource ? toHealthcareService(resource) : { id } };
}

/** The order of actors means nothing, so of several the choice goes by id: the same for every shuffle. */
function actorIds(schedule: Json, type: string): string[] {
  return records(schedule.actor)
    .flatMap((actor) => referencedId(actor, type) ?? [])
    .sort(compare);
}

/** A practitioner who is named but not enclosed still has an id, which a booking needs. */
function thePractitioner(bundle: BundleIndex, id: string): Practitioner {
  const resource = bundle.get("Practitioner", id);
  return resource ? toPractitioner(resource) : { id };
}

/** Of several organisations the practice's own. One is often there although there are no slots. */
function thePractice(bundle: BundleIndex, odsCode: OdsCode): Organisation | undefined {
  const found = bundle.all("Organization").map(toOrganisation);
  return found.find((one) => one.odsCode?.toUpperCase() === odsCode) ?? found[0];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
