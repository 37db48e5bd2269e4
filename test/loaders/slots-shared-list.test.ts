import type { OdsCode } from "../../src/domain/ods-code.js";
import type { SlotSearchResponse } from "../../src/domain/slot.js";
import type { SlotSearchQuery } from "../../src/domain/slot-search.js";
import { createSlotLoader, type SlotWindowQuery } from "../../src/loaders/slots.loader.js";
import { harnessSlot } from "../support/graph-harness.js";

const DAY = 86_400_000;
const START = Date.parse("2026-06-10T00:00:00Z");
const FOUR_WEEKS: SlotSearchQuery = {
  odsCode: "T81001" as OdsCode,
  range: { from: START, to: START + 28 * DAY },
  now: START,
  stopWhenFound: false,
};

function createScene(
  respond: (query: SlotWindowQuery) => Promise<SlotSearchResponse> = async ({ window }) => ({
    slots: [harnessSlot(window.from + DAY)],
  }),
) {
  const calls: SlotWindowQuery[] = [];
  const loader = createSlotLoader((query) => {
    calls.push(query);
    return respond(query);
  });
  return { loader, calls };
}

test("fields that search the same range share one merged list of slots", async () => {
  const { loader, calls } = createScene();

  const [one, other] = await Promise.all([loader.search(FOUR_WEEKS), loader.search({ ...FOUR_WEEKS })]);

  expect(other.slots).toBe(one.slots);
  expect(one.slots).toHaveLength(2);
  expect(calls).toHaveLength(2); // the windows of four weeks
});

test.each<[string, Partial<SlotSearchQuery>]>([
  ["practice", { odsCode: "T81002" as OdsCode }],
  ["service", { serviceId: "2000001" }],
  ["start of the range", { range: { from: START + DAY, to: START + 28 * DAY } }],
  ["end of the range", { range: { from: START, to: START + 20 * DAY } }],
  ["moment of the operation", { now: START + DAY }],
])("a search with another %s has a list of its own", async (_part, other) => {
  const { loader } = createScene();

  const one = await loader.search(FOUR_WEEKS);

  expect((await loader.search({ ...FOUR_WEEKS, ...other })).slots).not.toBe(one.slots);
});

test("a filter takes from the shared list and leaves it whole for the other fields", async () => {
  const { loader } = createScene();

  const [all, none] = await Promise.all([
    loader.search(FOUR_WEEKS),
    loader.search({ ...FOUR_WEEKS, filter: { deliveryChannels: ["Telephone"] } }),
  ]);

  expect(all.slots).toHaveLength(2);
  expect(none).toMatchObject({ slots: [], withheldTotal: 2 });
});

test("a failed slot search fails for every field, and is made again after the loader is cleared", async () => {
  let fails = true;
  const { loader, calls } = createScene(async () => {
    if (fails) throw new Error("no response");
    return { slots: [] };
  });
  const results = await Promise.allSettled([loader.search(FOUR_WEEKS), loader.search(FOUR_WEEKS)]);
  fails = false;
  loader.clearAll();

  expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(await loader.search(FOUR_WEEKS)).toMatchObject({ slots: [] });
  expect(calls).toHaveLength(4);
});

test("one failed window of a long range fails the whole search, so that no list has a gap", async () => {
  const { loader } = createScene(async ({ window }) => {
    if (window.from > START) throw new Error("no response");
    return { slots: [harnessSlot(window.from + DAY)] };
  });

  await expect(loader.search(FOUR_WEEKS)).rejects.toThrow("no response");
});

test("the practice's own record is taken from a slot search that a later field of the level makes", async () => {
  const here = { odsCode: FOUR_WEEKS.odsCode, addressLines: [], name: "Invented Surgery" };
  const { loader } = createScene(async () => ({ slots: [], organisation: here }));

  void loader.search(FOUR_WEEKS);

  expect(await loader.organisation(FOUR_WEEKS.odsCode)).toBe(here);
  expect(await loader.organisation("T81002" as OdsCode)).toBeUndefined();
});
