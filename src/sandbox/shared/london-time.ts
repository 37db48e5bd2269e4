/**
 * UK local time, computed from the statutory rule instead of a time zone database: summer time begins at 01:00 UTC on
 * the last Sunday of March and ends at 01:00 UTC on the last Sunday of October (valid since 1996). The method differs on
 * purpose from the one of the graph: the sandbox must not share an error with the clients that it tests.
 */

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MARCH = 2;
const OCTOBER = 9;

/** The UK dateTime of an instant, `2026-07-01T15:00:00+01:00`. Fractions of a second are dropped. */
export function toLondonDateTime(epochMs: number): string {
  const offset = isSummerTime(epochMs) ? "+01:00" : "+00:00";
  return `${new Date(localMs(epochMs)).toISOString().slice(0, 19)}${offset}`;
}

/** The UK calendar date of an instant, `2026-07-01`. */
export function toLondonDate(epochMs: number): string {
  return new Date(localMs(epochMs)).toISOString().slice(0, 10);
}

/** The instant at which a UK calendar date begins. The clocks never change at midnight, so it is unique. */
export function startOfLondonDate(date: string): number {
  const midnightUtc = Date.parse(`${date}T00:00:00Z`);
  const anHourBefore = midnightUtc - HOUR_MS;
  return isSummerTime(anHourBefore) ? anHourBefore : midnightUtc;
}

/** A calendar date `days` later. Negative numbers are earlier. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** The ISO weekday of a calendar date: 1 for Monday to 7 for Sunday. */
export function weekdayOf(date: string): number {
  return new Date(`${date}T00:00:00Z`).getUTCDay() || 7;
}

/** The UK offset at noon of a calendar date, `+00:00` or `+01:00`. */
export function offsetAtNoon(date: string): string {
  return isSummerTime(Date.parse(`${date}T12:00:00Z`)) ? "+01:00" : "+00:00";
}

function localMs(epochMs: number): number {
  return epochMs + (isSummerTime(epochMs) ? HOUR_MS : 0);
}

function isSummerTime(epochMs: number): boolean {
  const year = new Date(epochMs).getUTCFullYear();
  return epochMs >= lastSundayAtOne(year, MARCH) && epochMs < lastSundayAtOne(year, OCTOBER);
}

/** 01:00 UTC on the last Sunday of a month with 31 days. */
function lastSundayAtOne(year: number, month: number): number {
  const lastDay = new Date(Date.UTC(year, month, 31, 1));
  return lastDay.getTime() - lastDay.getUTCDay() * DAY_MS;
}
