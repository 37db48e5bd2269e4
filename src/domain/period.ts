import type { Period } from "./patient.js";

/**
 * Whether a period covers a date. Bounds may be partial (`2024`, `2024-05`) or date-times; each is compared in
 * its own precision, and a missing bound is open.
 *
 * @param date London date, `2026-11-23`.
 */
export function covers(period: Period | undefined, date: string): boolean {
  const { start, end } = period ?? {};
  const begun = start === undefined || date.slice(0, dateLength(start)) >= start.slice(0, 10);
  const ended = end !== undefined && date.slice(0, dateLength(end)) > end.slice(0, 10);
  return begun && !ended;
}

function dateLength(bound: string): number {
  return Math.min(bound.length, 10);
}
