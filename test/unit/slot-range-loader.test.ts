import type { OdsCode } from "../../src/domain/ods-code.js";
import type { SlotSearchResponse } from "../../src/domain/slot.js";
import { createSlotRangeLoader, type SlotRangeKey } from "../../src/loaders/slot-range.loader.js";
import type { SlotWindowKey } from "../../src/loaders/slot-windows.loader.js";

const DAY = 86_400_000;
const START = Date.parse("2026-06-10T00:00:00Z");
const HERE: SlotRangeKey = { odsCode: "T81001" as OdsCode, from: START, to: START + 28 * DAY, now: START };

function scene(answer: () => Promise<SlotSearchResponse> = async () => ({ slots: [] })) {
  const asked: SlotWindowKey[] = [];
  const loader = createSlotRangeLoader({
    load: (key) => {
      asked.push(key);
      return answer();
    },
  });
  return { loader, asked };
}

test("who asks for the same range is given the same list", async () => {
  const { loader, asked } = scene();

  const [one, other] = await Promise.all([loader.load(HERE), loader.load({ ...HERE })]);

  expect(other).toBe(one);
  expect(asked).toHaveLength(2); // the windows of four weeks
});

test.each<[string, Partial<SlotRangeKey>]>([
  ["practice", { odsCode: "T81002" as OdsCode }],
  ["service", { serviceId: "2000001" }],
  ["beginning", { from: START + DAY }],
  ["end", { to: START + 20 * DAY }],
  ["now", { now: START + DAY }],
])("another %s is another list", async (_part, other) => {
  const { loader } = scene();

  expect(await loader.load({ ...HERE, ...other })).not.toBe(await loader.load(HERE));
});

test("the windows are asked for before the loader returns", () => {
  const { loader, asked } = scene();

  void loader.load(HERE);

  expect(asked).toHaveLength(2);
});

test("a failure is everybody's, and what has been forgotten is asked for anew", async () => {
  let fails = true;
  const { loader, asked } = scene(async () => {
    if (fails) throw new Error("no answer");
    return { slots: [] };
  });
  const results = await Promise.allSettled([loader.load(HERE), loader.load(HERE)]);
  fails = false;
  loader.clearAll();

  expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(await loader.load(HERE)).toMatchObject({ slots: [] });
  expect(asked).toHaveLength(4);
});
