import type { SimulatedResponse } from "../http/service.js";
import type { PracticeLocation, PracticeStaff, PracticeSchedule, PracticeHealthcareService, PracticeSlot } from "./practice-state.js";
import { bundleResponse, type PracticeRequest } from "./request.js";
import {
  locationResource,
  organizationResource,
  practitionerResource,
  scheduleResource,
  serviceResource,
  slotResource,
} from "./resources.js";
import { readSlotQuery, type SlotQuery } from "./slot-query.js";

/** Search for free slots (GP Connect notes, 8.4). */
export function searchSlots({ state, query }: PracticeRequest): SimulatedResponse {
  const asked = readSlotQuery(query);
  const slots = [...state.slots.values()].filter((slot) => isOffered(slot, asked));
  const schedules = new Map<string, PracticeSchedule>();
  const practitioners = new Map<string, PracticeStaff>();
  const locations = new Map<string, PracticeLocation>();
  const services = new Map<string, PracticeHealthcareService>();
  for (const { schedule } of slots) {
    if (schedule.service) services.set(schedule.service.id, schedule.service);
    schedules.set(schedule.id, schedule);
    locations.set(schedule.location.id, schedule.location);
    if (schedule.practitioner) practitioners.set(schedule.practitioner.id, schedule.practitioner);
  }
  const has = (include: string) => asked.includes.has(include);
  const resources = [
    ...slots.map(slotResource),
    ...[...schedules.values()].map(scheduleResource),
    ...(has("Schedule:actor:Practitioner") ? [...practitioners.values()].map(practitionerResource) : []),
    ...(has("Schedule:actor:Location")
      ? [...locations.values()].map((one) => locationResource(state, one))
      : []),
    ...(has("Schedule:actor:HealthcareService")
      ? [...services.values()].map((one) => serviceResource(state, one))
      : []),
    // Today it comes with every slot, asked for or not; later versions will send it only when asked (8.4).
    ...(slots.length > 0 ? [organizationResource(state)] : []),
  ];
  return bundleResponse(resources, state);
}

/** Wholly inside the range, free, and not kept for others. */
function isOffered(slot: PracticeSlot, asked: SlotQuery): boolean {
  const isInside = slot.startMs >= asked.fromMs && slot.endMs <= asked.toMs;
  if (!isInside || slot.status !== "free") return false;
  const { organisationType, odsCode } = slot.restriction;
  // A restriction of a kind for which no filter was sent hides the slot: all four rows of the table in 8.4.
  const admitsType = organisationType === undefined || asked.organisationTypes.includes(organisationType);
  const admitsCode = odsCode === undefined || asked.odsCodes.includes(odsCode);
  return admitsType && admitsCode;
}
