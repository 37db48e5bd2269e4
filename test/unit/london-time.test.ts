import { Temporal } from "temporal-polyfill";
import {
  addLondonDays,
  addToDate,
  londonHour,
  nearestLondonMidnights,
  startOfLondonDate,
  toLondonDate,
  toLondonDateTime,
  toLondonWallTime,
  withLondonOffset,
} from "../../src/domain/london-time.js";
import { seededRandom } from "../../src/sandbox/shared/seeded.js";

const HOUR_MS = 3_600_000;
const at = (text: string) => Date.parse(text);
const dayNumber = (date: string) => at(`${date}T00:00:00Z`) / (24 * HOUR_MS);

test.each([
  ["in winter", "2026-01-15T15:00:00Z", "2026-01-15T15:00:00+00:00"],
  ["in summer", "2026-07-15T14:00:00Z", "2026-07-15T15:00:00+01:00"],
  ["the last second before March's change", "2026-03-29T00:59:59Z", "2026-03-29T00:59:59+00:00"],
  ["at March's change", "2026-03-29T01:00:00Z", "2026-03-29T02:00:00+01:00"],
  ["the last second before October's change", "2026-10-25T00:59:59Z", "2026-10-25T01:59:59+01:00"],
  ["at October's change", "2026-10-25T01:00:00Z", "2026-10-25T01:00:00+00:00"],
  ["with a part of a second", "2026-07-15T14:00:00.999Z", "2026-07-15T15:00:00+01:00"],
  ["in the years of British Standard Time", "1970-01-15T12:00:00Z", "1970-01-15T13:00:00+01:00"],
])("writes UK time with the offset of that date: %s", (_, instant, text) => {
  expect(toLondonDateTime(at(instant))).toBe(text);
});

test.each([
  ["Z in summer", "2026-07-15T14:00:00Z", "2026-07-15T15:00:00+01:00"],
  ["+00:00 in summer", "2026-07-15T14:00:00+00:00", "2026-07-15T15:00:00+01:00"],
  ["+01:00 in winter", "2026-01-15T15:00:00+01:00", "2026-01-15T14:00:00+00:00"],
  ["another offset", "2026-07-15T16:00:00+02:00", "2026-07-15T15:00:00+01:00"],
  ["a part of a second", "2026-07-15T14:00:00.500Z", "2026-07-15T15:00:00.500+01:00"],
  ["the hour before March's change", "2026-03-29T01:30:00+01:00", "2026-03-29T00:30:00+00:00"],
  ["the first instant after March's change", "2026-03-29T01:00:00Z", "2026-03-29T02:00:00+01:00"],
  ["the last instant before October's change", "2026-10-25T00:59:59Z", "2026-10-25T01:59:59+01:00"],
  ["the repeated hour, second time", "2026-10-25T02:30:00+01:00", "2026-10-25T01:30:00+00:00"],
  ["an evening that is the next day in London", "2026-07-15T23:30:00Z", "2026-07-16T00:30:00+01:00"],
])("a practice's time is given with London's offset: %s", (_, sent, shown) => {
  expect(withLondonOffset(sent)).toBe(shown);
  expect(at(shown)).toBe(at(sent));
});

test.each([
  "2026-07-15T15:00:00+01:00",
  "2026-01-15T15:00:00+00:00",
  "2026-01-15T15:00:00Z",
  "2026-01-15T15:00:00.250-00:00",
  "2026-10-25T01:30:00+01:00",
  "2026-10-25T01:30:00+00:00",
  "2026-07-15",
  "2026-07-15T15:00:00",
  "2026-13-45T25:00:00Z",
  "",
])("a practice's time is given as sent when its offset is London's, or it is not an instant: %p", (text) => {
  expect(withLondonOffset(text)).toBe(text);
});

test.each([
  ["2026-07-14T22:59:59Z", "2026-07-14"],
  ["2026-07-14T23:00:00Z", "2026-07-15"],
  ["2026-07-14T23:59:59Z", "2026-07-15"],
  ["2026-01-14T23:59:59Z", "2026-01-14"],
])("the date of %s is London's, not that of UTC", (instant, date) => {
  expect(toLondonDate(at(instant))).toBe(date);
});

test.each([
  ["2026-03-29T00:30:00Z", "2026-03-29", { minutes: 30, weekday: 7 }],
  ["2026-03-29T01:30:00Z", "2026-03-29", { minutes: 150, weekday: 7 }],
  ["2026-10-25T00:30:00Z", "2026-10-25", { minutes: 90, weekday: 7 }],
  ["2026-10-25T01:30:00Z", "2026-10-25", { minutes: 90, weekday: 7 }],
  ["2026-07-05T23:15:00Z", "2026-07-06", { minutes: 15, weekday: 1 }],
])("the wall time of %s", (instant, date, wall) => {
  expect(toLondonWallTime(at(instant))).toEqual({ ...wall, day: dayNumber(date) });
});

test("a day lasts 23 hours in March, 25 in October, else 24", () => {
  const length = (date: string) => {
    const { before, after } = nearestLondonMidnights(at(`${date}T12:00:00Z`));
    return (after - before) / HOUR_MS;
  };
  expect(["2026-03-29", "2026-10-25", "2026-06-01"].map(length)).toEqual([23, 25, 24]);
});

test("London days keep the wall time across both changes", () => {
  expect(toLondonDateTime(addLondonDays(at("2026-03-22T10:00:00Z"), 14))).toBe("2026-04-05T10:00:00+01:00");
  expect(toLondonDateTime(addLondonDays(at("2026-10-20T09:00:00Z"), 14))).toBe("2026-11-03T10:00:00+00:00");
});

test("an hour that does not exist moves on, and of one that comes twice the first is taken", () => {
  expect(toLondonDateTime(addLondonDays(at("2026-03-28T01:30:00Z"), 1))).toBe("2026-03-29T02:30:00+01:00");
  expect(toLondonDateTime(addLondonDays(at("2026-10-24T00:30:00Z"), 1))).toBe("2026-10-25T01:30:00+01:00");
});

test("no days later is the same instant, in the second of two equal hours too", () => {
  const second = at("2026-10-25T01:30:00Z");
  expect(addLondonDays(second, 0)).toBe(second);
});

test("dates are counted in the calendar", () => {
  expect(addToDate("2026-02-27", { days: 3 })).toBe("2026-03-02");
  expect(addToDate("2026-08-31", { months: 6 })).toBe("2027-02-28");
  expect(startOfLondonDate("2026-07-01")).toBe(at("2026-06-30T23:00:00Z"));
});

test("agrees with the time zone database at any instant, most of all near the changes", () => {
  const random = seededRandom("london time");
  const changes = [2024, 2025, 2026, 2027, 2028].flatMap((year) => [
    at(`${year}-03-31T01:00:00Z`),
    at(`${year}-10-31T01:00:00Z`),
  ]);
  for (let round = 0; round < 4_000; round++) {
    const change = changes[Math.floor(random() * changes.length)] ?? 0;
    const instant = change + Math.floor((random() - 0.5) * 20 * 24 * HOUR_MS);
    const zoned = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO("Europe/London");
    const days = Math.floor(random() * 60) - 30;
    const start = zoned.startOfDay();
    expect([
      toLondonDateTime(instant),
      toLondonWallTime(instant),
      addLondonDays(instant, days),
      nearestLondonMidnights(instant),
      Math.floor(londonHour(instant)),
    ]).toEqual([
      zoned.toString({ timeZoneName: "never", smallestUnit: "second", offset: "auto" }),
      {
        day: dayNumber(zoned.toPlainDate().toString()),
        minutes: zoned.hour * 60 + zoned.minute,
        weekday: zoned.dayOfWeek,
      },
      zoned.add({ days }).epochMilliseconds,
      { before: start.epochMilliseconds, after: start.add({ days: 1 }).startOfDay().epochMilliseconds },
      zoned.hour,
    ]);
  }
});
