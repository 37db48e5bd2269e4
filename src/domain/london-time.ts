import { Temporal } from "temporal-polyfill";
import { toEpochMs } from "./instant.js";

/**
 * Clock and calendar of the United Kingdom. GP Connect uses UK local time with an explicit offset, which must be the
 * offset of that date (GP Connect notes, section 11.1).
 */
const LONDON = "Europe/London";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** The clock on the wall at an instant. */
export interface LondonWallTime {
  /** Number of the calendar day. It grows by one at each midnight. */
  readonly day: number;
  /** Minutes since midnight by that clock: 510 at half past eight. */
  readonly minutes: number;
  /** 1 for Monday to 7 for Sunday. */
  readonly weekday: number;
}

/** `2026-07-01T15:00:00+01:00`: seconds, UK offset of that instant, never `Z`. A part of a second is cut off. */
export function toLondonDateTime(epochMs: number): string {
  const offset = offsetAt(epochMs);
  return wallText(epochMs + offset).replace(/\.\d+Z$/, offsetText(offset));
}

const OFFSET_DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(?:Z|([+-]\d{2}:\d{2}))$/;

/**
 * A date-time of a practice with London's offset at that instant, so that it shows the time on the clock there. Some
 * practices write `Z` or `+00:00` in summer. A text that has London's offset already, or is not a date-time with an offset,
 * is returned unchanged. For display only: a booking sends back the text that the practice sent.
 */
export function withLondonOffset(text: string): string {
  const epochMs = toEpochMs(text);
  if (Number.isNaN(epochMs)) return text;
  const offset = offsetAt(epochMs);
  const london = offset === 0 ? "+00:00" : offsetText(offset);
  // Lists are long, and most texts have the right offset.
  if (text.endsWith(london)) return text;
  const parts = OFFSET_DATE_TIME.exec(text);
  if (!parts) return text;
  const [, fraction = "", sentOffset = "+00:00"] = parts;
  if (offset === 0 && /^[+-]00:00$/.test(sentOffset)) return text;
  return toLondonDateTime(epochMs).replace(/[+-]\d{2}:\d{2}$/, `${fraction}$&`);
}

/** Today's date is needed for every record, so the last one is kept. */
let lastDate = { day: Number.NaN, text: "" };

/** The London calendar date of an instant, `2026-07-01`. */
export function toLondonDate(epochMs: number): string {
  const wall = toWall(epochMs);
  const day = Math.floor(wall / DAY_MS);
  if (lastDate.day !== day) lastDate = { day, text: dateOf(wall) };
  return lastDate.text;
}

/** What a clock and a calendar in London show at an instant. */
export function toLondonWallTime(epochMs: number): LondonWallTime {
  const wall = toWall(epochMs);
  return {
    day: Math.floor(wall / DAY_MS),
    minutes: Math.floor(sinceMidnight(wall) / MINUTE_MS),
    weekday: new Date(wall).getUTCDay() || 7,
  };
}

/** The instant at which a London calendar date (`2026-07-01`) begins. */
export function startOfLondonDate(date: string): number {
  return Temporal.PlainDate.from(date).toZonedDateTime(LONDON).epochMilliseconds;
}

/** The same wall time so many London days later (or earlier); 23 or 25 hours a day when the clocks change. */
export function addLondonDays(epochMs: number, days: number): number {
  return days === 0 ? epochMs : fromWall(toWall(epochMs) + days * DAY_MS);
}

/** A calendar date so many days or months later. */
export function addToDate(date: string, amount: { days?: number; months?: number }): string {
  return Temporal.PlainDate.from(date).add(amount).toString();
}

/** Wall time in London as hours and a part: 8.5 at half past eight. */
export function londonHour(epochMs: number): number {
  return sinceMidnight(toWall(epochMs)) / HOUR_MS;
}

/** The midnight at or before an instant, and the one after it. */
export function nearestLondonMidnights(epochMs: number): { before: number; after: number } {
  const wall = toWall(epochMs);
  const midnight = wall - sinceMidnight(wall);
  return { before: fromWall(midnight), after: fromWall(midnight + DAY_MS) };
}

/** What the wall clock shows, written as if it were UTC, so that its parts are plain arithmetic. */
function toWall(epochMs: number): number {
  return epochMs + offsetAt(epochMs);
}

/**
 * The instant of a wall time. Of the hour that comes twice in October the first is meant; in the hour that
 * March leaves out the clock has gone on.
 */
function fromWall(wall: number): number {
  const before = wall - offsetAt(wall - DAY_MS);
  const after = wall - offsetAt(wall + DAY_MS);
  return toWall(before) !== wall && toWall(after) === wall ? after : before;
}

function sinceMidnight(wall: number): number {
  return wall - Math.floor(wall / DAY_MS) * DAY_MS;
}

function dateOf(wall: number): string {
  return wallText(wall).replace(/T.+$/, "");
}

function wallText(wall: number): string {
  return new Date(wall).toISOString();
}

function offsetText(offset: number): string {
  const minutes = Math.abs(offset) / MINUTE_MS;
  const two = (part: number) => String(Math.floor(part)).padStart(2, "0");
  return `${offset < 0 ? "-" : "+"}${two(minutes / 60)}:${two(minutes % 60)}`;
}

/** Enough for the hours of two years. */
const MOST_KNOWN_HOURS = 20_000;
const offsets = new Map<number, number>();

/**
 * London's offset from UTC at an instant. A look-up in the time zone database is slow and lists of slots are long, so
 * the offset of each hour is kept. The clocks change on the hour.
 */
function offsetAt(epochMs: number): number {
  const hour = Math.floor(epochMs / HOUR_MS);
  const known = offsets.get(hour);
  if (known !== undefined) return known;
  const zoned = Temporal.Instant.fromEpochMilliseconds(hour * HOUR_MS).toZonedDateTimeISO(LONDON);
  const offset = zoned.offsetNanoseconds / 1_000_000;
  if (offsets.size >= MOST_KNOWN_HOURS) offsets.clear();
  offsets.set(hour, offset);
  return offset;
}
