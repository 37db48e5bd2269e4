import type { SimulatedResponse } from "../http/service.js";
import { type BookingRequest, readBooking } from "./booking-request.js";
import { isLimitReached, isReleased } from "./booking-rules.js";
import { refuse } from "./outcome.js";
import { isShown, type PracticeAppointment, type PracticeState } from "./practice-state.js";
import { type PracticeRequest, resourceResponse } from "./request.js";
import type { PracticeSchedule, PracticeSlot } from "./slot.js";
import { storedBooking } from "./stored-appointment.js";

const MINUTE_MS = 60_000;

/**
 * Book an appointment (GP Connect notes, 8.5). With an atomic supplier the slot check and the save are one step.
 * A two-step supplier checks the slots, lets the save delay pass, and saves without another check.
 */
export function bookAppointment(request: PracticeRequest): SimulatedResponse | Promise<SimulatedResponse> {
  const { state, body, nowMs } = request;
  const booking = readBooking(body, state.profile);
  const slots = findSlots(state, booking);
  const [first] = slots;
  const last = slots.at(-1);
  if (!first || !last) refuse("INVALID_RESOURCE", "At least one slot is needed");
  // Compare the strings: a consumer that parses and reformats the times is refused (notes, trap 5).
  if (booking.start !== first.start || booking.end !== last.end) {
    refuse("INVALID_RESOURCE", "start and end must be those of the first and the last slot, unchanged");
  }
  checkAdjacent(slots, state.profile.adjacency === "four-rules");
  checkParticipants(state, booking, first.schedule);
  checkDerived(booking, first, last);
  if (state.profile.pastRefused && first.startMs <= nowMs)
    refuse("INVALID_RESOURCE", "The appointment must start in the future");
  if (!slots.every((slot) => isReleased(slot, state, nowMs)))
    refuse("INVALID_RESOURCE", "A slot is not released for booking yet");
  if (isLimitReached(state, booking.resource))
    refuse("INVALID_RESOURCE", "The booking organisation has reached its limit");
  if (!slots.every((slot) => state.slots.isFree(slot)))
    refuse("DUPLICATE_REJECTED", "Slot is already in use");
  const save = () => saveBooking(request, booking, slots, first);
  return state.profile.save === "atomic" ? save() : request.beforeSave().then(save);
}

function findSlots(state: PracticeState, { slotIds }: BookingRequest): PracticeSlot[] {
  return slotIds.map((id) => {
    const slot = state.slots.get(id);
    if (!slot) refuse(state.profile.errors.unknownSlot, "No slot has this id here");
    return slot;
  });
}

function saveBooking(
  { state, base, headers }: PracticeRequest,
  booking: BookingRequest,
  slots: readonly PracticeSlot[],
  first: PracticeSlot,
): SimulatedResponse {
  state.slots.take(slots);
  const id = state.nextId();
  const appointment: PracticeAppointment = {
    id,
    patientId: booking.patientId,
    slots,
    startMs: first.startMs,
    version: 1,
    resource: storedBooking(booking.resource, id, first, state.profile),
  };
  state.appointments.set(id, appointment);
  const { versionId } = appointment.resource.meta as { versionId: string };
  const location = `${base}/Appointment/${id}/_history/${versionId}`;
  const response = resourceResponse(appointment.resource, 201, { location });
  return headers.prefer?.includes("return=minimal") ? { ...response, body: undefined } : response;
}

/** Adjacent slots have the same delivery channel and type and, by the specification, no gap and one schedule (11.2). */
function checkAdjacent(slots: readonly PracticeSlot[], checksGapAndSchedule: boolean): void {
  slots.slice(1).forEach((slot, index) => {
    const before = slots[index];
    const isAlike = before !== undefined && slot.channel === before.channel && slot.type === before.type;
    const follows = slot.startMs === before?.endMs && slot.schedule === before.schedule;
    if (!isAlike || (checksGapAndSchedule && !follows))
      refuse("INVALID_RESOURCE", "The slots are not adjacent slots of one kind");
  });
}

/** Delivery channel, practitioner role and duration may be sent, but must be those of the slots (8.5). */
function checkDerived({ derived }: BookingRequest, first: PracticeSlot, last: PracticeSlot): void {
  const actual = {
    deliveryChannel: first.channel,
    roleCode: first.schedule.role.code,
    minutesDuration: (last.endMs - first.startMs) / MINUTE_MS,
  };
  for (const name of ["deliveryChannel", "roleCode", "minutesDuration"] as const) {
    if (derived[name] !== undefined && derived[name] !== actual[name])
      refuse("INVALID_RESOURCE", `${name} is not that of the slots`);
  }
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
