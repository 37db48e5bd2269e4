import type { SimulatedResponse } from "../http/service.js";
import type {
  PracticeHealthcareService,
  PracticeLocation,
  PracticeSchedule,
  PracticeSlot,
  PracticeStaff,
} from "./practice-state.js";
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
  const search = readSlotQuery(query);
  const slots = [...state.slots.values()].filter((slot) => isOffered(slot, search));
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
  const has = (include: string) => search.includes.has(include);
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
    // Providers return Organization with every slot, requested or not; later versions only on request (8.4).
    ...(slots.length > 0 ? [organizationResource(state)] : []),
  ];
  return bundleResponse(resources, state);
}

/** True for a free slot wholly inside the range whose restrictions admit the consumer. */
function isOffered(slot: PracticeSlot, search: SlotQuery): boolean {
  const isInside = slot.startMs >= search.fromMs && slot.endMs <= search.toMs;
  if (!isInside || slot.status !== "free") return false;
  const { organisationType, odsCode } = slot.restriction;
  // A restriction without a matching filter hides the slot (table of searchFilter rules in 8.4).
  const admitsType = organisationType === undefined || search.organisationTypes.includes(organisationType);
  const admitsCode = odsCode === undefined || search.odsCodes.includes(odsCode);
  return admitsType && admitsCode;
}
