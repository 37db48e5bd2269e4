import {
  addToDate,
  startOfLondonDate as graphStartOfLondonDate,
  toLondonDate as graphToLondonDate,
  toLondonDateTime as graphToLondonDateTime,
} from "../../src/domain/london-time.js";
import { parseNhsNumber } from "../../src/domain/nhs-number.js";
import {
  addDays,
  offsetAtNoon,
  startOfLondonDate,
  toLondonDate,
  toLondonDateTime,
  weekdayOf,
} from "../../src/sandbox/shared/london-time.js";
import { isNhsNumber } from "../../src/sandbox/shared/nhs-number.js";
import { seededRandom } from "../../src/sandbox/shared/seeded.js";

const SAMPLES = 20_000;
const random = seededRandom("own rules");
const FROM = Date.parse("1997-01-01T00:00:00Z");
const UNTIL = Date.parse("2080-01-01T00:00:00Z");
const instants = Array.from({ length: SAMPLES }, () => Math.floor(FROM + random() * (UNTIL - FROM)));

describe("the sandbox's own NHS number rule", () => {
  test("agrees with the graph's rule for random numbers, except for ten equal digits", () => {
    for (let count = 0; count < SAMPLES; count++) {
      const text = String(Math.floor(random() * 1e10)).padStart(10, "0");
      expect([text, isNhsNumber(text)]).toEqual([
        text,
        parseNhsNumber(text, { allowRepeatedDigits: true }) !== undefined,
      ]);
    }
  });

  test.each(["", "999000001", "99900000180", "999 000 0018", "999000001x", "9990000019", "9000000008"])(
    "refuses %p",
    (text) => {
      expect(isNhsNumber(text)).toBe(false);
    },
  );

  test("accepts 9999999999, which the provider acceptance pack uses for an unknown patient", () => {
    expect(isNhsNumber("9999999999")).toBe(true);
  });
});

describe("the sandbox's own UK time", () => {
  test("agrees with the graph's time zone database for random instants", () => {
    for (const instant of instants) {
      expect(toLondonDateTime(instant)).toBe(graphToLondonDateTime(instant));
      expect(toLondonDate(instant)).toBe(graphToLondonDate(instant));
    }
  });

  test("agrees on the start of every day for fifty years", () => {
    for (let date = "2000-01-01"; date < "2050-01-01"; date = addDays(date, 1)) {
      expect([date, startOfLondonDate(date)]).toEqual([date, graphStartOfLondonDate(date)]);
    }
  });

  test("changes the offset in the second in which the clocks change", () => {
    expect(toLondonDateTime(Date.parse("2026-03-29T00:59:59Z"))).toBe("2026-03-29T00:59:59+00:00");
    expect(toLondonDateTime(Date.parse("2026-03-29T01:00:00Z"))).toBe("2026-03-29T02:00:00+01:00");
    expect(toLondonDateTime(Date.parse("2026-10-25T00:59:59Z"))).toBe("2026-10-25T01:59:59+01:00");
    expect(toLondonDateTime(Date.parse("2026-10-25T01:00:00Z"))).toBe("2026-10-25T01:00:00+00:00");
  });

  test("knows weekdays, offsets and later dates across clock changes and leap years", () => {
    expect(weekdayOf("2026-01-14")).toBe(3);
    expect(weekdayOf("2026-01-18")).toBe(7);
    expect([offsetAtNoon("2026-03-28"), offsetAtNoon("2026-03-29")]).toEqual(["+00:00", "+01:00"]);
    expect(addDays("2028-02-28", 1)).toBe("2028-02-29");
    expect(addDays("2026-12-31", 1)).toBe(addToDate("2026-12-31", { days: 1 }));
  });
});
