import type { SimulatedResponse } from "../http/service.js";
import type { JsonObject } from "../shared/json.js";
import { toLondonDate } from "../shared/london-time.js";
import type { SupplierProfile } from "../suppliers/supplier-profile.js";
import { isReleased } from "./booking-rules.js";
import { refuse } from "./outcome.js";
import type { PracticeState } from "./practice-state.js";
import { bundleResponse, type PracticeRequest } from "./request.js";
import {
  locationResource,
  organizationResource,
  practitionerResource,
  scheduleResource,
  serviceResource,
  slotResource,
} from "./resources.js";
import type { PracticeHealthcareService, PracticeLocation, PracticeSlot, PracticeStaff } from "./slot.js";
import { FILTERING_ENABLED, INCLUDES } from "./slot-includes.js";
import { readSlotQuery, type SlotQuery } from "./slot-query.js";

/** Search for free slots (GP Connect notes, 8.4). */
export function searchSlots({ state, query, nowMs }: PracticeRequest): SimulatedResponse {
  const { profile } = state;
  const search = readSlotQuery(query, profile);
  if (search.dosId !== undefined) requireService(state, search.dosId);
  const inRange = state.slots
    .inWindow(nowMs, toLondonDate(search.fromMs), toLondonDate(search.toMs))
    .filter(
      (slot) => isInRange(slot, search, profile) && !(slot.offeredOnlyAfterStart && slot.startMs > nowMs),
    );
  const slots = inRange.filter(
    (slot) => state.slots.isFree(slot) && isReleased(slot, state, nowMs) && isOffered(slot, search),
  );
  // One resource that cannot be built fails the whole response (GP Connect notes, 4.5).
  if (state.practice.behaviour === "unbuildable" && slots.length > 0)
    refuse("INTERNAL_SERVER_ERROR", "A schedule cannot be built");
  const hasOrganization = slots.length > 0 || (profile.organizationWithoutSlots && inRange.length > 0);
  const resources = [
    ...slots.map(slotResource),
    ...referencedResources(state, slots, search),
    // Providers return Organization with every slot, requested or not; later versions only on request (8.4).
    ...(hasOrganization ? [organizationResource(state)] : []),
  ];
  return bundleResponse(resources, state, search.dosId === undefined ? [] : [FILTERING_ENABLED]);
}

/** The schedules of the slots, and the actors of the schedules whose include was sent. Each appears once. */
function referencedResources(
  state: PracticeState,
  slots: readonly PracticeSlot[],
  { includes }: SlotQuery,
): JsonObject[] {
  const schedules = new Set(slots.map(({ schedule }) => schedule));
  const practitioners = new Set<PracticeStaff>();
  const locations = new Set<PracticeLocation>();
  const services = new Set<PracticeHealthcareService>();
  for (const { practitioner, location, service } of schedules) {
    if (practitioner && includes.has(INCLUDES.practitioner)) practitioners.add(practitioner);
    if (includes.has(INCLUDES.location)) locations.add(location);
    if (service && includes.has(INCLUDES.healthcareService)) services.add(service);
  }
  return [
    ...[...schedules].map((one) => scheduleResource(one, state.profile)),
    ...[...practitioners].map(practitionerResource),
    ...[...locations].map((one) => locationResource(state, one)),
    ...[...services].map((one) => serviceResource(state, one)),
  ];
}

/** A search for an unknown service is refused while filtering is on (consumer assurance notes, 5.4). */
function requireService(state: PracticeState, dosId: string): void {
  if (!state.services.some((service) => service.dosId === dosId)) {
    refuse("NO_RECORD_FOUND", "No service has this id here");
  }
}

function isInRange(slot: PracticeSlot, { fromMs, toMs }: SlotQuery, { slotRange }: SupplierProfile): boolean {
  if (slot.startMs < fromMs) return false;
  return slotRange === "wholly-inside" ? slot.endMs <= toMs : slot.startMs < toMs;
}

/** True for a slot of the service whose restrictions admit the consumer. */
function isOffered(slot: PracticeSlot, search: SlotQuery): boolean {
  if (search.dosId !== undefined && search.dosId !== slot.schedule.service?.dosId) return false;
  const { organisationType, odsCode } = slot.restriction;
  // A restriction without a matching filter hides the slot (table of searchFilter rules in 8.4).
  const admitsType = organisationType === undefined || search.organisationTypes.includes(organisationType);
  const admitsCode = odsCode === undefined || search.odsCodes.includes(odsCode);
  return admitsType && admitsCode;
}
