import fc from "fast-check";
import { epochMsOfPlainForm, toEpochMs } from "../../src/domain/instant.js";

const digits = (from: number, to: number, width = 2) =>
  fc.integer({ min: from, max: to }).map((number) => String(number).padStart(width, "0"));

/** Date-times of the usual form, and of forms that are nearly that: every number may be too large, every mark wrong. */
const dateTimes = fc
  .tuple(
    fc.oneof(digits(1970, 2100, 4), digits(0, 9999, 4)),
    digits(0, 14),
    digits(0, 33),
    digits(0, 26),
    digits(0, 62),
    digits(0, 62),
    fc.oneof(
      fc.constantFrom(
        "Z",
        "+00:00",
        "+01:00",
        "-00:00",
        "",
        "z",
        "+0100",
        "+01",
        ".5Z",
        ".250+01:00",
        " +01:00",
      ),
      fc
        .tuple(fc.constantFrom("+", "-", " ", "~"), digits(0, 26), digits(0, 62))
        .map(([sign, h, m]) => `${sign}${h}:${m}`),
    ),
  )
  .map(
    ([year, month, day, hour, minute, second, zone]) =>
      `${year}-${month}-${day}T${hour}:${minute}:${second}${zone}`,
  );

/** One character of a good date-time exchanged. */
const damaged = fc
  .tuple(
    fc.constantFrom("2026-07-01T15:00:00+01:00", "2026-12-24T09:10:59Z"),
    fc.nat({ max: 24 }),
    fc.constantFrom("0", "9", "-", "+", ":", ".", "T", "t", "Z", " ", "/", ";", "٣", "é", "e"),
  )
  .map(([text, at, character]) => text.slice(0, at) + character + text.slice(at + 1));

test("every text is read as the same instant that Date.parse reads", () => {
  fc.assert(
    fc.property(fc.oneof(dateTimes, damaged, fc.string()), (text) => {
      expect(toEpochMs(text)).toBe(Date.parse(text));
    }),
    { numRuns: 5_000, seed: 20_261_128 },
  );
});

test.each([
  ["2026-02-28T23:59:59+00:00", Date.UTC(2026, 1, 28, 23, 59, 59)],
  ["2026-07-01T15:00:00+01:00", Date.UTC(2026, 6, 1, 14)],
  ["2026-07-01T15:00:00-05:30", Date.UTC(2026, 6, 1, 20, 30)],
  ["2026-07-01T15:00:00Z", Date.UTC(2026, 6, 1, 15)],
])("%s is of the usual form and read without a calendar", (text, at) => {
  expect(epochMsOfPlainForm(text)).toBe(at);
});

test.each([
  "2026-02-29T09:00:00Z",
  "2026-02-30T09:00:00+00:00",
  "2026-13-01T09:00:00+00:00",
  "2026-00-01T09:00:00+00:00",
  "2026-07-00T09:00:00+00:00",
  "2026-07-01T24:00:00+00:00",
  "2026-07-01T09:60:00+00:00",
  "2026-07-01T09:00:00 01:00",
  "2026-07-01T09:00:00+24:00",
  "2026-07-01 09:00:00+01:00",
  "2026-07-01T09:00:00.0Z",
  "0099-07-01T09:00:00Z",
])("%s is left to the full check", (text) => {
  expect(epochMsOfPlainForm(text)).toBeUndefined();
});
