import { addLondonDays, toLondonDateTime } from "../../src/domain/london-time.js";
import { defaultEnd, toWholeSeconds, toWindows } from "../../src/domain/slot-windows.js";

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const DAY = 24 * HOUR;
const at = (text: string) => Date.parse(text);

/** The cuts of a range as wall time, without its two ends. */
function cutsOf(from: string, to: string): string[] {
  const windows = toWindows({ from: at(from), to: at(to) });
  return windows.slice(1).map((window) => toLondonDateTime(window.from));
}

describe("a range of two weeks or less is one window", () => {
  test.each([
    ["two weeks by default", "2026-06-10T09:00:00Z", "2026-06-24T08:59:59Z"],
    ["exactly two weeks", "2026-06-10T09:00:00Z", "2026-06-24T09:00:00Z"],
    ["no time at all", "2026-06-10T09:00:00Z", "2026-06-10T09:00:00Z"],
    ["14 London days with October's 25th hour", "2026-10-20T09:00:00Z", "2026-11-03T10:00:00Z"],
    ["14 times 24 hours over March's missing hour", "2026-03-20T10:00:00Z", "2026-04-03T10:00:00Z"],
  ])("%s", (_, from, to) => {
    expect(toWindows({ from: at(from), to: at(to) })).toEqual([{ from: at(from), to: at(to) }]);
  });

  test("a second more is two, cut at a midnight", () => {
    expect(cutsOf("2026-06-10T09:00:00Z", "2026-06-24T09:00:01Z")).toEqual(["2026-06-24T00:00:00+01:00"]);
  });
});

describe("the default end is 14 London days on, less a second", () => {
  test.each([
    ["2026-06-10T09:00:00Z", "2026-06-24T09:59:59+01:00"],
    ["2026-10-20T09:00:00Z", "2026-11-03T09:59:59+00:00"],
    ["2026-03-20T10:00:00Z", "2026-04-03T09:59:59+01:00"],
  ])("from %s", (from, end) => {
    expect(toLondonDateTime(defaultEnd(at(from)))).toBe(end);
    expect(toWindows({ from: at(from), to: defaultEnd(at(from)) })).toHaveLength(1);
  });
});

test("whole seconds lie inside the requested range", () => {
  expect(toWholeSeconds({ from: 1_001, to: 2_999 })).toEqual({ from: 2_000, to: 2_000 });
  expect(toWholeSeconds({ from: 1_000, to: 3_000 })).toEqual({ from: 1_000, to: 3_000 });
});

describe("cuts", () => {
  test("lie at midnight in London, in summer and in winter, when there is slack for it", () => {
    expect(cutsOf("2026-06-10T09:00:00Z", "2026-07-18T12:00:00Z")).toEqual([
      "2026-06-24T00:00:00+01:00",
      "2026-07-08T00:00:00+01:00",
    ]);
    expect(cutsOf("2026-01-10T09:00:00Z", "2026-02-04T12:00:00Z")).toEqual(["2026-01-24T00:00:00+00:00"]);
  });

  test("keep to midnight on the wall across both changes", () => {
    expect(cutsOf("2026-10-14T09:00:00Z", "2026-11-20T12:00:00Z")).toEqual([
      "2026-10-28T00:00:00+00:00",
      "2026-11-11T00:00:00+00:00",
    ]);
    expect(cutsOf("2026-03-18T09:00:00Z", "2026-04-24T12:00:00Z")).toEqual([
      "2026-04-01T00:00:00+01:00",
      "2026-04-15T00:00:00+01:00",
    ]);
  });

  test.each([
    ["an hour before midnight", "2026-06-09T22:00:00Z", 0, "23:00:00"],
    ["a second before midnight", "2026-06-09T22:59:59Z", 0, "23:59:59"],
    ["at midnight", "2026-06-09T23:00:00Z", 0, "00:00:00"],
    ["a second after midnight", "2026-06-09T23:00:01Z", 0, "00:00:01"],
    ["a second after midnight, with a second's slack", "2026-06-09T23:00:01Z", SECOND, "00:00:00"],
    ["in the evening, with an hour's slack", "2026-06-09T21:00:00Z", HOUR, "22:00:00"],
    ["in the early morning, with an hour's slack", "2026-06-10T05:00:00Z", HOUR, "05:00:00"],
    ["at eight sharp", "2026-06-10T07:00:00Z", 0, "08:00:00"],
    ["at seven in the evening sharp", "2026-06-10T18:00:00Z", 0, "19:00:00"],
    ["towards the morning, since noon is during the day", "2026-06-10T11:00:00Z", 5 * HOUR, "07:00:00"],
    [
      "towards the morning, though the afternoon is nearer to a midnight",
      "2026-06-10T15:50:00Z",
      9 * HOUR,
      "07:50:00",
    ],
  ])("lie as near to midnight as the slack allows: %s", (_, from, slack, time) => {
    const windows = toWindows({ from: at(from), to: at(from) + 28 * DAY - slack });
    expect(windows).toHaveLength(2);
    expect(toLondonDateTime(windows[1]?.from ?? 0).slice(11, 19)).toBe(time);
  });

  test.each([
    ["a second after eight", "2026-06-10T07:00:01Z"],
    ["at noon", "2026-06-10T11:00:00Z"],
    ["a second before seven in the evening", "2026-06-10T17:59:59Z"],
  ])("that would be forced during the day cost one more window: %s", (_, from) => {
    const cuts = cutsOf(from, new Date(at(from) + 28 * DAY).toISOString());
    expect(cuts).toEqual(["2026-06-24T00:00:00+01:00", "2026-07-08T00:00:00+01:00"]);
  });
});

test("26 weeks from midnight take 13 windows", () => {
  const from = at("2026-01-05T00:00:00Z");
  expect(toWindows({ from, to: addLondonDays(from, 182) })).toHaveLength(13);
});
