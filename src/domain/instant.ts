const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

const CODE_0 = 0x30;
const CODE_PLUS = 0x2b;
const CODE_MINUS = 0x2d;
const CODE_COLON = 0x3a;
const CODE_T = 0x54;
const CODE_Z = 0x5a;

const LENGTH_UTC = "2026-07-01T15:00:00Z".length;
const LENGTH_OFFSET = "2026-07-01T15:00:00+01:00".length;

/** Every month has them. Later days need a calendar, which the fast path does without. */
const DAYS_OF_EVERY_MONTH = 28;

/**
 * The instant of a date-time, milliseconds since the epoch, or NaN: the same as `Date.parse` for every text, and several
 * times as fast for the form that lists of slots are full of.
 */
export function toEpochMs(text: string): number {
  const at = epochMsOfPlainForm(text);
  return at === undefined ? Date.parse(text) : at;
}

/**
 * The instant of a text in the form `2026-07-01T15:00:00+01:00` or `2026-07-01T15:00:00Z`, whose day every month has.
 *
 * @returns undefined for any other text, which may be a date-time all the same.
 */
export function epochMsOfPlainForm(text: string): number | undefined {
  const { length } = text;
  if (length !== LENGTH_OFFSET && length !== LENGTH_UTC) return undefined;
  const hasMarks =
    text.charCodeAt(4) === CODE_MINUS &&
    text.charCodeAt(7) === CODE_MINUS &&
    text.charCodeAt(10) === CODE_T &&
    text.charCodeAt(13) === CODE_COLON &&
    text.charCodeAt(16) === CODE_COLON;
  if (!hasMarks) return undefined;
  const century = twoDigits(text, 0);
  const year = twoDigits(text, 2);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  const hour = twoDigits(text, 11);
  const minute = twoDigits(text, 14);
  const second = twoDigits(text, 17);
  const offset = length === LENGTH_UTC ? utcOffset(text) : offsetOf(text);
  // Not a number compares as false. `Date.UTC` takes the years before 100 for those of the last century.
  const isPlain =
    century >= 1 && year >= 0 && month >= 1 && month <= 12 && day >= 1 && day <= DAYS_OF_EVERY_MONTH;
  if (!isPlain || !(hour < 24 && minute < 60 && second < 60) || Number.isNaN(offset)) return undefined;
  return (
    dayStart(century * 100 + year, month, day) +
    hour * HOUR_MS +
    minute * MINUTE_MS +
    second * SECOND_MS -
    offset
  );
}

function utcOffset(text: string): number {
  return text.charCodeAt(LENGTH_UTC - 1) === CODE_Z ? 0 : Number.NaN;
}

/** `+01:00` at the end of the text in milliseconds; NaN when it is none. */
function offsetOf(text: string): number {
  const sign = text.charCodeAt(19);
  const hours = twoDigits(text, 20);
  const minutes = twoDigits(text, 23);
  if (text.charCodeAt(22) !== CODE_COLON || !(hours < 24 && minutes < 60)) return Number.NaN;
  const size = hours * HOUR_MS + minutes * MINUTE_MS;
  if (sign === CODE_PLUS) return size;
  return sign === CODE_MINUS ? -size : Number.NaN;
}

/** NaN unless both are digits. */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - CODE_0;
  const ones = text.charCodeAt(at + 1) - CODE_0;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

/** Slots of a list follow each other within a day, so the last day is kept. */
let lastDay = -1;
let lastDayStart = 0;

function dayStart(year: number, month: number, day: number): number {
  const wanted = (year * 16 + month) * 32 + day;
  if (lastDay !== wanted) {
    lastDay = wanted;
    lastDayStart = Date.UTC(year, month - 1, day);
  }
  return lastDayStart;
}
