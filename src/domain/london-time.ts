import { Temporal } from "temporal-polyfill";

/**
 * Clock and calendar of the United Kingdom. GP Connect speaks UK local time with an explicit offset, and the
 * offset must be the one of that very date (GP Connect notes, section 11.1).
 */
const LONDON = "Europe/London";

/** `2026-07-01T15:00:00+01:00`: seconds, UK offset of that instant, never `Z`. A part of a second is cut off. */
export function toLondonDateTime(epochMs: number): string {
  const zoned = Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(LONDON);
  return zoned.toString({ timeZoneName: "never", smallestUnit: "second", offset: "auto" });
}

/** The London calendar date of an instant, `2026-07-01`. */
export function toLondonDate(epochMs: number): string {
  return Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(LONDON).toPlainDate().toString();
}

/** The instant at which a London calendar date (`2026-07-01`) begins. */
export function startOfLondonDate(date: string): number {
  return Temporal.PlainDate.from(date).toZonedDateTime(LONDON).epochMilliseconds;
}

/** The same wall time so many London days later (or earlier); 23 or 25 hours a day when the clocks change. */
export function addLondonDays(epochMs: number, days: number): number {
  return Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(LONDON).add({ days })
    .epochMilliseconds;
}

/** A calendar date so many days or months later. */
export function addToDate(date: string, amount: { days?: number; months?: number }): string {
  return Temporal.PlainDate.from(date).add(amount).toString();
}

/** Wall time in London as hours and a part: 8.5 at half past eight. */
export function londonHour(epochMs: number): number {
  const zoned = Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(LONDON);
  return zoned.hour + zoned.minute / 60 + zoned.second / 3600;
}

/** The midnight at or before an instant, and the one after it. */
export function nearestLondonMidnights(epochMs: number): { before: number; after: number } {
  const start = Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(LONDON).startOfDay();
  return { before: start.epochMilliseconds, after: start.add({ days: 1 }).startOfDay().epochMilliseconds };
}
