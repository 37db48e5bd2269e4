import { inAdjacentRuns } from "./adjacent-slots.js";
import type { CodedValue } from "./coded-value.js";
import { toEpochMs } from "./instant.js";
import { toLondonWallTime } from "./london-time.js";
import { displayName } from "./person-name.js";
import type { Practitioner, Slot } from "./slot.js";

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;

/**
 * What a caller wants of slots. Practices know no such filters, so they are applied on our side. An attribute that
 * is omitted filters nothing; one value of a list must agree. Case does not matter in texts and codes.
 */
export interface SlotFilter {
  readonly deliveryChannels?: readonly string[] | undefined;
  readonly practitionerRoles?: readonly string[] | undefined;
  readonly practitionerGenders?: readonly string[] | undefined;
  /** A part of the practitioner's name. */
  readonly practitionerName?: string | undefined;
  readonly locationIds?: readonly string[] | undefined;
  readonly types?: readonly string[] | undefined;
  readonly scheduleTypes?: readonly string[] | undefined;
  /** Minutes since midnight in London; the slot lies wholly between them. */
  readonly timeOfDay?: { readonly from: number; readonly to: number } | undefined;
  /** 1 for Monday to 7 for Sunday. */
  readonly weekdays?: readonly number[] | undefined;
  readonly minimumMinutes?: number | undefined;
  /** The slot is one of this many adjacent ones that agree in all else and may be booked together. */
  readonly adjacentSlots?: number | undefined;
}

export type SlotFilterAttribute = keyof SlotFilter;

/** What one attribute of a filter withheld. A slot that disagrees in several attributes counts for each. */
export interface Withheld {
  readonly attribute: SlotFilterAttribute;
  readonly count: number;
  /** Of these, slots for which the practice gave no value: they might have been wanted. */
  readonly unknown: number;
}

export interface FilteredSlots {
  readonly slots: readonly Slot[];
  /** One for each attribute that was filtered, so that nothing is withheld unnoticed (assurance notes, hazard 100). */
  readonly withheld: readonly Withheld[];
  /** Slots withheld in total. */
  readonly withheldTotal: number;
}

type Verdict = "agrees" | "disagrees" | "unknown";

interface Check {
  readonly attribute: SlotFilterAttribute;
  readonly judge: (slot: Slot) => Verdict;
}

/** Takes the slots that agree with a filter, in the order given, and counts the others. */
export function applyFilter(slots: readonly Slot[], filter: SlotFilter = {}): FilteredSlots {
  const checks = checksOf(filter);
  if (checks.length === 0 && filter.adjacentSlots === undefined) {
    return { slots, withheld: [], withheldTotal: 0 };
  }
  const counts = checks.map(({ attribute }) => ({ attribute, count: 0, unknown: 0 }));
  const agreeing = slots.filter((slot) => {
    const verdicts = checks.map(({ judge }) => judge(slot));
    for (const [index, count] of counts.entries()) {
      if (verdicts[index] !== "agrees") count.count += 1;
      if (verdicts[index] === "unknown") count.unknown += 1;
    }
    return verdicts.every((verdict) => verdict === "agrees");
  });
  const { adjacentSlots } = filter;
  const kept = adjacentSlots === undefined ? agreeing : inAdjacentRuns(agreeing, adjacentSlots);
  if (adjacentSlots !== undefined) {
    counts.push({ attribute: "adjacentSlots", count: agreeing.length - kept.length, unknown: 0 });
  }
  return { slots: kept, withheld: counts, withheldTotal: slots.length - kept.length };
}

function checksOf(filter: SlotFilter): Check[] {
  return [
    ...oneOf("deliveryChannels", filter.deliveryChannels, (slot) => [slot.deliveryChannel]),
    ...oneOf("practitionerRoles", filter.practitionerRoles, (slot) => rolesOf(slot).map(({ code }) => code)),
    ...oneOf("practitionerGenders", filter.practitionerGenders, (slot) =>
      practitionersOf(slot).map(({ gender }) => gender),
    ),
    ...check("practitionerName", filter.practitionerName, (wanted, slot) => {
      const names = practitionersOf(slot).map(({ name }) => name && displayName(name));
      return anyAgrees(names, (name) => name.includes(normalise(wanted)));
    }),
    // Ids are case-sensitive (GP Connect notes, section 1).
    ...check("locationIds", filter.locationIds, (ids, { location }) => agreement(ids.includes(location.id))),
    ...oneOf("types", filter.types, (slot) => [slot.serviceType]),
    ...oneOf("scheduleTypes", filter.scheduleTypes, (slot) => [slot.scheduleType]),
    ...check("timeOfDay", filter.timeOfDay, (day, slot) => agreement(isWithin(slot, day))),
    ...check("weekdays", filter.weekdays, (days, { start }) =>
      agreement(days.includes(toLondonWallTime(toEpochMs(start)).weekday)),
    ),
    ...check("minimumMinutes", filter.minimumMinutes, (minutes, { start, end }) =>
      agreement(toEpochMs(end) - toEpochMs(start) >= minutes * MINUTE_MS),
    ),
  ];
}

/** No check at all for an attribute that is not filtered. */
function check<T>(
  attribute: SlotFilterAttribute,
  wanted: T | undefined,
  judge: (wanted: T, slot: Slot) => Verdict,
): Check[] {
  return wanted === undefined ? [] : [{ attribute, judge: (slot) => judge(wanted, slot) }];
}

function oneOf(
  attribute: SlotFilterAttribute,
  wanted: readonly string[] | undefined,
  read: (slot: Slot) => readonly (string | undefined)[],
): Check[] {
  const accepted = wanted && new Set(wanted.map(normalise));
  return check(attribute, accepted, (values, slot) => anyAgrees(read(slot), (value) => values.has(value)));
}

/** A slot may have several practitioners and roles: one that agrees is enough, and one without a value might have agreed. */
function anyAgrees(
  values: readonly (string | undefined)[],
  agrees: (normalised: string) => boolean,
): Verdict {
  if (values.some((value) => value && agrees(normalise(value)))) return "agrees";
  return values.length === 0 || values.some((value) => !value) ? "unknown" : "disagrees";
}

function rolesOf({ practitionerRoles, practitionerRole }: Slot): readonly CodedValue[] {
  return practitionerRoles ?? (practitionerRole ? [practitionerRole] : []);
}

function practitionersOf({ practitioners, practitioner }: Slot): readonly Practitioner[] {
  return practitioners ?? (practitioner ? [practitioner] : []);
}

function isWithin({ start, end }: Slot, day: { readonly from: number; readonly to: number }): boolean {
  const first = toLondonWallTime(toEpochMs(start));
  const last = toLondonWallTime(toEpochMs(end));
  // A slot up to midnight ends at 24:00 of its own day.
  const until = last.day === first.day ? last.minutes : DAY_MINUTES + last.minutes;
  return first.minutes >= day.from && until <= day.to;
}

function agreement(agrees: boolean): Verdict {
  return agrees ? "agrees" : "disagrees";
}

function normalise(text: string): string {
  return text.trim().replace(/\s+/g, " ").toLowerCase();
}
