import type { SlotFilter } from "../../domain/slot-filter.js";
import { BadUserInputError } from "../../platform/errors.js";
import type { SlotFilterInput, TimeOfDayInput } from "./slot-filter.input.js";

const MIN_RUN = 2;
/** No practice books more slots as one appointment. */
const MAX_RUN = 20;
const DAY_MINUTES = 24 * 60;
const TIME = /^([01]\d|2[0-3]):([0-5]\d)$/;

/**
 * Reads a filter.
 *
 * @throws BadUserInputError naming the field within `filter`, before any call.
 */
export function requireSlotFilter(input: SlotFilterInput | null | undefined): SlotFilter | undefined {
  if (input == null) return undefined;
  return {
    deliveryChannels: texts(input.deliveryChannels, "deliveryChannels"),
    practitionerRoles: texts(input.practitionerRoles, "practitionerRoles"),
    practitionerGenders: values(input.practitionerGenders, "practitionerGenders"),
    practitionerName: text(input.practitionerName, "practitionerName"),
    locationIds: texts(input.locationIds, "locationIds"),
    types: texts(input.types, "types"),
    scheduleTypes: texts(input.scheduleTypes, "scheduleTypes"),
    timeOfDay: timeOfDay(input.timeOfDay),
    weekdays: values(input.weekdays, "weekdays"),
    minimumMinutes: minimumMinutes(input.minimumMinutes),
    adjacentSlots: adjacentSlots(input.adjacentSlots),
  };
}

function bad(field: string, message: string): BadUserInputError {
  return new BadUserInputError(`filter.${field}`, message);
}

/** An empty list would admit nothing; who wants no filter leaves it out. */
function values<T>(list: readonly T[] | null | undefined, field: string): readonly T[] | undefined {
  if (list?.length === 0) throw bad(field, "An empty list would withhold every slot. Omit it instead.");
  return list ?? undefined;
}

function text(value: string | null | undefined, field: string): string | undefined {
  if (value?.trim() === "") throw bad(field, "The text to look for is empty.");
  return value ?? undefined;
}

function texts(list: readonly string[] | null | undefined, field: string): readonly string[] | undefined {
  for (const value of list ?? []) text(value, field);
  return values(list, field);
}

function timeOfDay(input: TimeOfDayInput | null | undefined): SlotFilter["timeOfDay"] {
  if (input == null) return undefined;
  if (input.from == null && input.to == null) throw bad("timeOfDay", "Give from, to or both.");
  const from = input.from == null ? 0 : minutes(input.from, "timeOfDay.from");
  const to = input.to == null || input.to === "24:00" ? DAY_MINUTES : minutes(input.to, "timeOfDay.to");
  if (to <= from) throw bad("timeOfDay.to", "The part of the day ends before it starts.");
  return { from, to };
}

function minutes(value: string, field: string): number {
  const parts = TIME.exec(value);
  if (!parts) throw bad(field, "A time of day is written HH:MM, such as 08:30.");
  return Number(parts[1]) * 60 + Number(parts[2]);
}

function minimumMinutes(value: number | null | undefined): number | undefined {
  if (value != null && value < 1) throw bad("minimumMinutes", "The least length is 1 minute or more.");
  return value ?? undefined;
}

function adjacentSlots(value: number | null | undefined): number | undefined {
  if (value != null && (value < MIN_RUN || value > MAX_RUN)) {
    throw bad("adjacentSlots", `A run has ${MIN_RUN} to ${MAX_RUN} slots.`);
  }
  return value ?? undefined;
}
