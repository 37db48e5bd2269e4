import { mergeWindows } from "../../src/domain/slot-windows.js";
import { seededRandom } from "../../src/sandbox/shared/seeded.js";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const day = (n: number) => Date.parse("2026-06-10T00:00:00Z") + n * DAY;
const window = ([from, to]: readonly [number, number]) => ({ from: day(from), to: day(to) });

test.each<[string, [number, number][], [number, number][]]>([
  ["none", [], []],
  [
    "equal ones",
    [
      [0, 14],
      [0, 14],
    ],
    [[0, 14]],
  ],
  [
    "one inside another",
    [
      [3, 5],
      [0, 14],
    ],
    [[0, 14]],
  ],
  [
    "one inside another that begins with it",
    [
      [0, 5],
      [0, 14],
    ],
    [[0, 14]],
  ],
  [
    "overlapping ones that fit one call",
    [
      [0, 8],
      [5, 13],
    ],
    [[0, 13]],
  ],
  [
    "touching ones that fit one call",
    [
      [0, 7],
      [7, 14],
    ],
    [[0, 14]],
  ],
  [
    "overlapping ones that do not fit",
    [
      [0, 10],
      [5, 15],
    ],
    [
      [0, 10],
      [5, 15],
    ],
  ],
  [
    "one inside the later of two that do not fit",
    [
      [0, 14],
      [2, 16],
      [3, 10],
    ],
    [
      [0, 14],
      [2, 16],
    ],
  ],
  [
    "apart: nothing that nobody asked for is fetched",
    [
      [0, 3],
      [5, 8],
    ],
    [
      [0, 3],
      [5, 8],
    ],
  ],
  [
    "a chain",
    [
      [0, 4],
      [8, 12],
      [3, 9],
    ],
    [[0, 12]],
  ],
  [
    "the windows of one long range stay as they are",
    [
      [0, 14],
      [14, 28],
    ],
    [
      [0, 14],
      [14, 28],
    ],
  ],
])("windows are merged where that saves a call: %s", (_, given, merged) => {
  expect(mergeWindows(given.map(window))).toEqual(merged.map(window));
});

test("merging: never more of them, each accepted, and every one held whole", () => {
  const random = seededRandom("merging");
  for (let round = 0; round < 1_000; round++) {
    const given = Array.from({ length: 1 + Math.floor(random() * 6) }, () => {
      const from = day(Math.floor(random() * 30)) + Math.floor(random() * 24) * HOUR;
      return { from, to: from + Math.floor(random() * 14 * 24) * HOUR };
    });
    const merged = mergeWindows(given);
    expect(merged.length).toBeLessThanOrEqual(given.length);
    for (const one of merged) expect(one.to - one.from).toBeLessThanOrEqual(14 * DAY);
    for (const one of given) {
      expect(merged.some(({ from, to }) => from <= one.from && one.to <= to)).toBe(true);
    }
  }
});
