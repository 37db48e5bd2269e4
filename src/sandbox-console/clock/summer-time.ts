/** British clocks change at 01:00 UTC on the last Sunday of March and of October. */
const CHANGE_HOUR = 1;
const MARCH = 2;
const OCTOBER = 9;

/** The next change of each kind after a time, in epoch milliseconds. */
export function nextClockChanges(now: number): { readonly forward: number; readonly back: number } {
  return { forward: nextChange(now, MARCH), back: nextChange(now, OCTOBER) };
}

function nextChange(now: number, month: number): number {
  const year = new Date(now).getUTCFullYear();
  const inThisYear = changeIn(year, month);
  return inThisYear > now ? inThisYear : changeIn(year + 1, month);
}

function changeIn(year: number, month: number): number {
  const lastDay = new Date(Date.UTC(year, month + 1, 0));
  return Date.UTC(year, month, lastDay.getUTCDate() - lastDay.getUTCDay(), CHANGE_HOUR);
}
