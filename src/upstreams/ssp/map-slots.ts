import { toLondonDate } from "../../domain/london-time.js";
import type { OdsCode } from "../../domain/ods-code.js";
import type { Organisation, Slot, SlotSearchResponse } from "../../domain/slot.js";
import { type BundleIndex, readSearchset } from "./bundle.js";
import { toBundleWarnings } from "./bundle-warnings.js";
import { toLabel } from "./map-people.js";
import { toOrganisation } from "./map-places.js";
import { createScheduleReader, type ScheduleFacts } from "./map-schedule.js";
import { filteringWarnings, toFilteringStatus } from "./map-services.js";
import { EXTENSION, extensionValue, type Instant, instant, type Json, referencedId, text } from "./wire.js";

/** The search that a response belongs to. */
export interface SearchedSlots {
  readonly odsCode: OdsCode;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly serviceId?: string | undefined;
}

/** The statuses of FHIR that are not free. A slot with another one, or with none, cannot be judged. */
const OTHER_STATUSES = new Set<unknown>(["busy", "busy-unavailable", "busy-tentative", "entered-in-error"]);

/**
 * Joins a slot search's bundle: slot → schedule → location and practitioners, by `Type/id` and in whatever order the
 * practice wrote them (GP Connect notes, sections 8.4 and 9.1). Slots that are not free, or have begun, are left out: some
 * systems still list them, and they cannot be booked.
 *
 * A slot that cannot be used (without id, status, schedule or location, without a start and a later end, or with the id of
 * a different slot) is left out and counted, because it must neither be offered nor cost the others.
 *
 * @returns the slots in order of time.
 * @throws UnusableResponse when it is another resource, only part of the result, or the practice reports an error.
 */
export function toSlotSearchResponse(
  body: unknown,
  { odsCode, now, serviceId }: SearchedSlots,
): SlotSearchResponse {
  const today = toLondonDate(now);
  const bundle = readSearchset(body, "Slot");
  const { slots, unusable } = readSlots(bundle, now, today);
  const serviceFiltering = toFilteringStatus(bundle.bundle);
  const warnings = [
    ...toBundleWarnings(bundle),
    ...(serviceId === undefined ? [] : filteringWarnings(serviceFiltering)),
  ];
  const unusableEntries = unusable + bundle.emptyEntries;
  return {
    slots,
    organisation: toPractice(bundle, odsCode, today),
    ...(warnings.length > 0 && { warnings }),
    ...(unusableEntries > 0 && { unusableEntries }),
    ...(serviceFiltering !== undefined && { serviceFiltering }),
  };
}

interface TimedSlot {
  readonly slot: Slot;
  readonly startsAt: number;
}

function readSlots(bundle: BundleIndex, now: number, today: string): { slots: Slot[]; unusable: number } {
  const scheduleOf = createScheduleReader(bundle, today);
  const byId = new Map<string, TimedSlot>();
  const ambiguousIds = new Set<string>();
  let unusable = 0;
  for (const resource of bundle.all("Slot")) {
    if (OTHER_STATUSES.has(resource.status)) continue;
    const start = instant(resource.start);
    if (start && start.at <= now) continue;
    const slot = start && toSlot(resource, start, scheduleOf);
    if (!slot) {
      unusable += 1;
      continue;
    }
    const other = byId.get(slot.id)?.slot;
    if (other && !isSameSlot(other, slot)) ambiguousIds.add(slot.id);
    byId.set(slot.id, { slot, startsAt: start.at });
  }
  for (const id of ambiguousIds) byId.delete(id);
  const inOrder = [...byId.values()].sort(
    (a, b) => a.startsAt - b.startsAt || (a.slot.id < b.slot.id ? -1 : 1),
  );
  return { slots: inOrder.map(({ slot }) => slot), unusable: unusable + ambiguousIds.size };
}

/** @returns undefined for a slot that cannot be used. */
function toSlot(
  resource: Json,
  start: Instant,
  scheduleOf: (scheduleId: string) => ScheduleFacts | undefined,
): Slot | undefined {
  const id = text(resource.id);
  const end = instant(resource.end);
  const scheduleId = referencedId(resource.schedule, "Schedule");
  const schedule = scheduleId === undefined ? undefined : scheduleOf(scheduleId);
  if (resource.status !== "free" || id === undefined || !schedule) return undefined;
  if (!end || end.at <= start.at) return undefined;
  return {
    id,
    start: start.text,
    end: end.text,
    deliveryChannel: text(extensionValue(resource, EXTENSION.deliveryChannel, "valueCode")),
    serviceType: toLabel(resource.serviceType),
    ...schedule,
  };
}

function isSameSlot(one: Slot, other: Slot): boolean {
  return one.start === other.start && one.end === other.end && one.scheduleId === other.scheduleId;
}

/** The practice's own organisation, of several. It is often included even when there are no slots. */
function toPractice(bundle: BundleIndex, odsCode: OdsCode, today: string): Organisation | undefined {
  const found = bundle.all("Organization").map((resource) => toOrganisation(resource, today));
  return found.find((one) => one.odsCode?.toUpperCase() === odsCode) ?? found[0];
}
