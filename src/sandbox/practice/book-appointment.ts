import type { SimulatedResponse } from "../http/service.js";
import { type JsonObject, objectsIn } from "../shared/json.js";
import { type BookingRequest, readBooking } from "./booking-request.js";
import { refuse } from "./outcome.js";
import { isShown, type PracticeSchedule, type PracticeSlot, type PracticeState } from "./practice-state.js";
import { type PracticeRequest, resourceResponse } from "./request.js";
import { roleExtension } from "./resources.js";
import { EXTENSION } from "./urls.js";

/** Book an appointment (GP Connect notes, 8.5). Checking and taking the slots is atomic. */
export function bookAppointment({ state, body, nowMs, base, headers }: PracticeRequest): SimulatedResponse {
  const booking = readBooking(body);
  const slots = booking.slotIds.map((id) => {
    const slot = state.slots.get(id);
    if (!slot) refuse("REFERENCE_NOT_FOUND", "No slot has this id here");
    return slot;
  });
  const [first] = slots;
  const last = slots.at(-1);
  if (!first || !last) refuse("INVALID_RESOURCE", "At least one slot is needed");
  // Compare the strings: a consumer that parses and reformats the times is refused (notes, trap 5).
  if (booking.start !== first.start || booking.end !== last.end) {
    refuse("INVALID_RESOURCE", "start and end must be those of the first and the last slot, unchanged");
  }
  checkAdjacent(slots);
  checkParticipants(state, booking, first.schedule);
  if (first.startMs <= nowMs) refuse("INVALID_RESOURCE", "The appointment must start in the future");
  if (slots.some(({ status }) => status !== "free")) refuse("DUPLICATE_REJECTED", "Slot is already in use");
  for (const slot of slots) slot.status = "busy";
  const id = state.nextId();
  const resource = stored(booking.resource, id, first);
  state.appointments.set(id, {
    id,
    patientId: booking.patientId,
    slots,
    startMs: first.startMs,
    version: 1,
    resource,
  });
  const response = resourceResponse(resource, 201, { location: `${base}/Appointment/${id}/_history/1` });
  return headers.prefer?.includes("return=minimal") ? { ...response, body: undefined } : response;
}

/** Adjacent slots have no gap and the same schedule, delivery channel and type (notes, 11.2). */
function checkAdjacent(slots: readonly PracticeSlot[]): void {
  slots.slice(1).forEach((slot, index) => {
    const before = slots[index];
    const fits =
      before !== undefined &&
      slot.startMs === before.endMs &&
      slot.schedule === before.schedule &&
      slot.channel === before.channel &&
      slot.type === before.type;
    if (!fits) refuse("INVALID_RESOURCE", "The slots are not adjacent slots of one kind");
  });
}

function checkParticipants(state: PracticeState, booking: BookingRequest, schedule: PracticeSchedule): void {
  const patient = state.patients.get(booking.patientId);
  if (!patient || !isShown(patient)) refuse("REFERENCE_NOT_FOUND", "No patient has this id here");
  if (booking.locationId !== schedule.location.id) {
    refuse("INVALID_RESOURCE", "The location is not that of the slot's schedule");
  }
  if (booking.practitionerIds.some((id) => id !== schedule.practitioner?.id)) {
    refuse("INVALID_RESOURCE", "The practitioner is not that of the slot's schedule");
  }
  if (booking.serviceId !== undefined && booking.serviceId !== schedule.service?.id) {
    refuse("INVALID_RESOURCE", "The service is not that of the slot's schedule");
  }
}

/** The stored appointment: the booking as sent, plus the elements that the practice derives itself. */
function stored(sent: JsonObject, id: string, { schedule, channel, type }: PracticeSlot): JsonObject {
  const booker = objectsIn(sent.extension).filter(({ url }) => url === EXTENSION.bookingOrganisation);
  const {
    resourceType,
    meta,
    extension: _known,
    serviceType: _type,
    serviceCategory: _category,
    ...rest
  } = sent;
  return {
    resourceType,
    id,
    meta: { ...(meta as JsonObject), versionId: "1" },
    ...rest,
    extension: [
      ...booker,
      roleExtension(schedule.role),
      { url: EXTENSION.deliveryChannel, valueCode: channel },
    ],
    ...(type === undefined ? {} : { serviceType: [{ text: type }] }),
    ...(schedule.category === undefined ? {} : { serviceCategory: { text: schedule.category } }),
  };
}
